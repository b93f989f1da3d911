"""The rules of tags in IAM and STS.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html, "Rules for tagging in IAM and AWS
STS"; the patterns are in the models of both services (`tagKeyType`, `tagValueType`).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from sandbox.iam.request import Refusal

MOST = 50
"""Tags of a role, and of a session."""

_SIGNS = "_.:/=+-@"
_LONGEST = {"Key": 128, "Value": 256}


def check(tags: Iterable[Mapping[str, str]]) -> None:
    """Keys and values of characters and lengths that IAM takes; no key twice, nor AWS's own.

    Raises
    ------
    Refusal
        With IAM's error.
    """
    seen: set[str] = set()
    for tag in tags:
        for part, longest in _LONGEST.items():
            _text(part, tag.get(part, ""), longest)
        key = tag["Key"].lower()
        if key.startswith("aws:"):
            text = f"{tag['Key']} uses a reserved prefix: aws: keys cannot be set or changed"
            raise Refusal("InvalidInput", text, 400)
        if key in seen:
            text = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
            raise Refusal("InvalidInput", text, 400)
        seen.add(key)


def _text(part: str, text: str, longest: int) -> None:
    where = f"tags.1.member.{part.lower()}"
    if not (part == "Value" or text) or len(text) > longest:
        rule = f"Member must have length less than or equal to {longest}"
    elif not all(_allowed(character) for character in text):
        rule = r"Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]" + (
            "*" if part == "Value" else "+"
        )
    else:
        return
    shown = re.sub(r"\s+", " ", text)
    raise Refusal(
        "ValidationError",
        f"1 validation error detected: Value '{shown}' at '{where}' failed to satisfy constraint: "
        + rule,
    )


def _allowed(character: str) -> bool:
    """Letters, separators and numbers of Unicode, and some signs."""
    return character in _SIGNS or unicodedata.category(character)[0] in "LZN"
