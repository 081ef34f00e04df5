"""Bike hire, a service line for Palier."""
