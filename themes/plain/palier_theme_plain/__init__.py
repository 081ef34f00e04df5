"""The quiet, neutral look."""
