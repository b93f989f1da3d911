"""Session tags: which keys a config may let a partner pass."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from latchkey.config.problem import Problem

MOST = 50
"""Session tags of one session (STS API reference, AssumeRole, `Tags`)."""

_KEY = re.compile(r"[\w .:/=+\-@]+")
_RESERVED = ("aws:", "latchkey:")
_FORM = "write a list of tag keys, or `true` where the guardrails allow any"


def _session_tags(value: object) -> tuple[str, ...] | bool:
    """The keys that sessions may have as tags, sorted, or True for any.

    Raises
    ------
    ValueError
        With a sentence for the config's author.
    """
    if value is True:
        return True
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        raise ValueError(f"not a list of tag keys; {_FORM}")
    if not value:
        raise ValueError(f"no keys; {_FORM}, or leave `session_tags` out")
    if len(value) > MOST:
        raise ValueError(f"too many: {len(value)} keys, where {MOST} are the most")
    for key in value:
        _check(key)
    if len({key.lower() for key in value}) < len(value):
        raise ValueError("two keys differ by case only; to IAM they are the same")
    return tuple(sorted(value))


def _check(key: str) -> None:
    if not 1 <= len(key) <= 128:
        raise ValueError(f"tag key {key[:40]!r}: a key has 1 to 128 characters")
    if not _KEY.fullmatch(key):
        raise ValueError(
            f"tag key {key[:40]!r}: IAM allows letters, digits, spaces and _.:/=+-@ only; "
            "patterns are not possible"
        )
    if key.lower().startswith(_RESERVED):
        raise ValueError(f"tag key {key[:40]!r}: aws: and latchkey: are reserved")


SessionTags = Annotated[
    tuple[str, ...] | bool,
    PlainValidator(_session_tags),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MOST,
                    "uniqueItems": True,
                    "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 128,
                        "pattern": "^(?![aA][wW][sS]:|[lL][aA][tT][cC][hH][kK][eE][yY]:)[^*?,]*$",
                    },
                },
                {"const": True},
            ]
        }
    ),
]


def tag_problems(fields: Mapping[str, Any]) -> Iterator[Problem]:
    """A session tag replaces the role's own tag of that key, in any case.

    Source: IAM user guide, "Pass session tags in AWS STS".
    """
    keys = fields.get("session_tags")
    if not isinstance(keys, tuple):
        return
    own = {key.lower() for key in fields.get("tags") or ()}
    if taken := [key for key in keys if key.lower() in own]:
        yield Problem(
            "/session_tags",
            f"{', '.join(taken)}: also a tag of the role, which a session could then replace; "
            "take it out here or out of `tags`",
        )
