"""A new plugin: a small package that works and passes its own tests, to be changed into one's own."""
