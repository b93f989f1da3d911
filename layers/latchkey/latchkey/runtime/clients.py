"""The one place that builds clients of AWS.

All come from one session: a session of its own costs about 90 ms each.
"""

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import get_session

_CONFIG = Config(
    retries={"mode": "adaptive", "total_max_attempts": 6}, connect_timeout=5, read_timeout=20
)


@cache
def client(service: str) -> Any:
    """The client of a service, built once per process.

    botocore's, which is what boto3's client is: boto3 adds its resources and transfers to the cold
    start, and nothing that Latchkey calls.
    """
    return _session().create_client(service, config=_CONFIG)


@cache
def _session() -> Any:
    return get_session()
