"""What all tests share: no real credentials, and Hypothesis without a deadline."""

from importlib.util import find_spec

from hypothesis import HealthCheck, settings

import tests.environment  # noqa: F401 (before anything builds a client)

# The browser's driver is a set of requirements of its own, which `make test` goes without.
collect_ignore = [] if find_spec("playwright") else ["browser"]

settings.register_profile(
    "latchkey", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("latchkey")
