"""What a text may have meant that is nearly a principal, without ever naming more than it did."""

import re
from collections.abc import Iterator

from latchkey.iam.arn import PARTITION

_DIGITS = re.compile(r"[0-9](?:[ .-]?[0-9]){11}")
_SIGN_IN = re.compile(r"https?://([0-9]{12})\.signin\.[a-z.]+(?:/\S*)?", re.ASCII)
_LABEL = re.compile(r"(?:aws|account|id)\s*[:= ]\s*(.*)", re.IGNORECASE)
_TAIL = re.compile(r"([0-9]{12}):(root|(?:role|user)/\S+)", re.ASCII)
_ARN = re.compile(
    rf"(?:arn:)?(?P<partition>{PARTITION})?:?iam:[a-z0-9-]*:(?P<account>[0-9 .-]+)"
    r"(?::(?P<who>\S+?))?/?",
    re.ASCII | re.IGNORECASE,
)


def near_principals(text: str) -> Iterator[str]:
    """What a text may mean, the most certain first; whoever asks has to check it.

    A role or a user never becomes its whole account.
    """
    yield text
    if label := _LABEL.fullmatch(text):
        yield from near_principals(label[1].strip("\"' "))
    if _DIGITS.fullmatch(text):
        yield re.sub(r"\D", "", text)
    if address := _SIGN_IN.fullmatch(text):
        yield address[1]
    if _TAIL.fullmatch(text):
        yield f"arn:aws:iam::{text}"
    if arn := _ARN.fullmatch(text):
        account = re.sub(r"\D", "", arn["account"])
        partition = (arn["partition"] or "aws").lower()
        yield f"arn:{partition}:iam::{account}:{arn['who'] or 'root'}"
