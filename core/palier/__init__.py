"""Palier: the system a neighbourhood concierge service runs on."""
