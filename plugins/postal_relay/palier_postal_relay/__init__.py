"""Post and parcel relay, a Palier plugin."""
