"""The one place that builds clients of AWS.

All come from one session: a session of its own costs about 90 ms each.
"""

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.session import get_session

if TYPE_CHECKING:
    from latchkey.aws.spoke_sessions import SpokeCredentials

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


def client_of(service: str, credentials: "SpokeCredentials") -> Any:
    """A client of a service for a session in another account, in this Region.

    What AWS answers as the message of an error names that account.
    """
    made = _session().create_client(
        service,
        config=_CONFIG,
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key,
        aws_session_token=credentials.session_token,
    )
    made.meta.events.register("after-call", partial(_named, credentials.account))
    return made


def _named(account: str, parsed: dict[str, Any], **_: Any) -> None:
    """Add the account to the message of an error, which may be about anybody's otherwise."""
    error = parsed.get("Error")
    if error is not None:
        error["Message"] = f"{error.get('Message', '')} (in account {account})"


@cache
def _session() -> Any:
    return get_session()
