"""The environment that all tests run in: no real credentials, no region of the machine's."""

import os

import tests.kit.botocore_speed  # noqa: F401 (before anything builds a session)

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "latchkey",
    "POWERTOOLS_METRICS_NAMESPACE": "Latchkey",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}

os.environ.update(ENVIRONMENT)
os.environ["XDG_CONFIG_HOME"] = "/nonexistent"  # nor settings of whoever runs them
os.environ.pop("AWS_PROFILE", None)
