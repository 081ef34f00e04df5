"""Requests, sign-in, templates: what stands around every page."""
