"""Backup: an installation in one file, made while it runs, restored elsewhere, tried by a drill."""
