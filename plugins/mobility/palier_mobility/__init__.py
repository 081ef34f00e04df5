"""Mobility, a service line for Palier."""
