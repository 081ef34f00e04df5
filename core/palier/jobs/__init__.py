"""The one loop that runs what runs by itself: rows of `job`, each with its rhythm and its lease."""
