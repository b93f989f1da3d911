"""The environment that all tests run in: no real credentials, no region of the machine's."""

import os
from typing import Any, cast

import botocore.session
from botocore.loaders import Loader, create_loader

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

_read: dict[str | None, dict[Any, Any]] = {}


def _loader(search_path_string: str | None = None) -> Loader:
    made: Any = create_loader(search_path_string)
    made._cache = _read.setdefault(search_path_string, {})
    return cast("Loader", made)


botocore.session.create_loader = _loader
"""Each command line has a session of its own: the models of services are read once for all."""
