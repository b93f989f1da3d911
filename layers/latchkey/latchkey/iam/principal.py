"""Who may assume a partner role: accounts, and roles and users of other accounts."""

import re

from latchkey.frozen import Frozen
from latchkey.iam.arn import PARTITION

ACCOUNT = r"[0-9]{12}"
_NAME = r"[A-Za-z0-9_+=,.@-]{1,64}"
_PATH = r"(?:[A-Za-z0-9_+=,.@-]{1,128}/){0,8}"
_WHO = rf"(?:root|(?:role|user)/{_PATH}{_NAME})"
_ARN = re.compile(rf"arn:(?P<partition>{PARTITION}):iam::(?P<account>{ACCOUNT}):{_WHO}")
PATTERN = rf"{ACCOUNT}|arn:{PARTITION}:iam::{ACCOUNT}:{_WHO}"
"""All forms of a principal, as a pattern of JSON Schema's."""
_FORMS = (
    "a 12-digit account ID, arn:aws:iam::<account>:root, arn:aws:iam::<account>:role/<name> "
    "or arn:aws:iam::<account>:user/<name>"
)


class Principal(Frozen):
    """A principal of a trust policy. `partition` is None for a bare account ID."""

    text: str
    account: str
    partition: str | None

    def arn(self, partition: str) -> str:
        """The principal as IAM stores it; a bare account ID is that account's root."""
        if self.partition is None:
            return f"arn:{partition}:iam::{self.account}:root"
        return self.text


def parse_principal(text: str) -> Principal:
    """The principal that a config names.

    Raises
    ------
    ValueError
        With a sentence for the config's author, when the text has none of the allowed forms.
    """
    if re.fullmatch(ACCOUNT, text, re.ASCII):
        return Principal(text, text, None)
    if match := _ARN.fullmatch(text):
        return Principal(text, match["account"], match["partition"])
    if "*" in text or "?" in text:
        raise ValueError(f"wildcards are not allowed in a principal; write {_FORMS}")
    if ":sts:" in text:
        raise ValueError("a session is not a stable principal; write the ARN of its role")
    raise ValueError(f"not a principal; write {_FORMS}")
