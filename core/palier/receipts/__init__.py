"""Receipts: what was sold, how it was paid, and the proof that nothing was changed since."""
