"""Codes that are scanned: what they look like, how a keyboard may twist them. No database."""
