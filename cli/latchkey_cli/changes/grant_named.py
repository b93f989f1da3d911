"""Which grant the bytes of a config file name."""

from latchkey.config.problem import ConfigRejected
from latchkey.config.strict_json import parse_object
from latchkey.grant_id import GrantId


def grant_named_in(body: bytes | None) -> GrantId | None:
    """The grant that a config file names, or None: it names none, is no JSON, or is not there."""
    if body is None:
        return None
    try:
        document = parse_object(body)
    except ConfigRejected:
        return None
    return GrantId.named(document.get("partner"), document.get("grant", "main"))
