"""Messages: an area of the core, in the shape of a plugin."""
