"""Values of policy elements: IAM takes one value alone for a list of one."""

from typing import Any


def listed(value: Any) -> list[Any]:
    """A value as a list: a list as it is, nothing for None, anything else as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def texts(value: Any) -> list[str]:
    """The same as texts; IAM stores booleans as `true` and `false`."""
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in listed(value)]
