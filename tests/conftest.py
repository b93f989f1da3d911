"""What all tests share: no real credentials, and Hypothesis without a deadline."""

import os

from hypothesis import HealthCheck, settings

for name, value in {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "latchkey",
    "POWERTOOLS_METRICS_NAMESPACE": "Latchkey",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}.items():
    os.environ[name] = value
os.environ.pop("AWS_PROFILE", None)

settings.register_profile(
    "latchkey", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("latchkey")
