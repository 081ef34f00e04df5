"""The core's tests use the same fixtures as a plugin's: see palier.testing."""
