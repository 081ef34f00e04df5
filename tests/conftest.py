"""The core's tests use the same fixtures as a plugin's: see palier.testing."""

from hypothesis import HealthCheck, settings

# How fast a machine is says nothing of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
