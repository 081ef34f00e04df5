"""The yearly archive: frozen, signed, readable and provable without Palier."""
