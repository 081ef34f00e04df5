"""The chapters of the day at the desk, each a function that one run calls at its hour."""
