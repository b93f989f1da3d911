"""What botocore does again and again, for tests, which make some hundred thousand calls.

Each command line has a session of its own: the models of services are read once for all of them.
Words of the user agent are sanitized once, and not for each call.
"""

from functools import cache
from typing import Any, cast

import botocore.session
import botocore.useragent
from botocore.loaders import Loader, create_loader

_read: dict[str | None, dict[Any, Any]] = {}


def _loader(search_path_string: str | None = None) -> Loader:
    made: Any = create_loader(search_path_string)
    made._cache = _read.setdefault(search_path_string, {})
    return cast("Loader", made)


botocore.session.create_loader = _loader
botocore.useragent.sanitize_user_agent_string_component = cache(
    botocore.useragent.sanitize_user_agent_string_component
)
