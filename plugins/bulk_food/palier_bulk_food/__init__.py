"""Bulk food: bought together, weighed at the desk."""
