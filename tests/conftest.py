"""What all tests share: no real credentials, and Hypothesis without a deadline."""

from hypothesis import HealthCheck, settings

import tests.environment  # noqa: F401 (before anything builds a client)

settings.register_profile(
    "latchkey", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("latchkey")
