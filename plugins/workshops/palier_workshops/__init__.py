"""Workshops and wishes, a Palier plugin."""
