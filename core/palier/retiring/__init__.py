"""A service that goes: its rows written to a file of their own, then its tables dropped."""
