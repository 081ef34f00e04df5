"""Skills exchange, a service line for Palier."""
