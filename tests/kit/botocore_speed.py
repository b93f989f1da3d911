"""What botocore does again and again, for tests, which make some hundred thousand calls.

Each command line has a session of its own: the models of services are read once for all of them.
The user agent, which nothing looks at, stays what it is at a client's first call. A request names
the key, region and service that it would be signed for, which moto and the sandbox go by; at the
signature itself they do not look.
"""

from typing import Any, cast

import botocore.session
from botocore.auth import AUTH_TYPE_MAPS, STREAMING_UNSIGNED_PAYLOAD_TRAILER, BaseSigner
from botocore.compat import get_current_datetime
from botocore.exceptions import NoCredentialsError
from botocore.loaders import Loader, create_loader
from botocore.useragent import UserAgentString

_as_botocore = UserAgentString.to_string
_read: dict[str | None, dict[Any, Any]] = {}


def _loader(search_path_string: str | None = None) -> Loader:
    made: Any = create_loader(search_path_string)
    made._cache = _read.setdefault(search_path_string, {})
    return cast("Loader", made)


def _user_agent(self: Any) -> str:
    if "said" not in vars(self):
        self.said = _as_botocore(self)
    return str(self.said)


class _Unsigned(BaseSigner):
    """All that a signature of version 4 says, without the signature."""

    REQUIRES_REGION = True

    def __init__(self, credentials: Any, service_name: str, region_name: str) -> None:
        self._credentials = credentials
        self._scope = f"{region_name}/{service_name}/aws4_request"

    def add_auth(self, request: Any) -> None:
        if self._credentials is None:
            raise NoCredentialsError
        now = get_current_datetime(remove_tzinfo=False)
        named = f"Credential={self._credentials.access_key}/{now:%Y%m%d}/{self._scope}"
        trailed = "X-Amz-Trailer" in request.headers
        added = {
            "X-Amz-Content-SHA256": STREAMING_UNSIGNED_PAYLOAD_TRAILER if trailed else None,
            "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
            "X-Amz-Security-Token": self._credentials.token,
            "Authorization": f"AWS4-HMAC-SHA256 {named}, SignedHeaders=host, Signature=none",
        }
        for name, value in added.items():
            del request.headers[name]  # of the try before
            if value:
                request.headers[name] = value


botocore.session.create_loader = _loader
AUTH_TYPE_MAPS.update(dict.fromkeys(("v4", "s3v4"), _Unsigned))
setattr(UserAgentString, "to_string", _user_agent)  # noqa: B010 (mypy knows none)
