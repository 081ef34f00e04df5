"""Visits: who comes to the desk, counted without a name or kept open while things are done."""
