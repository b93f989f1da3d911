"""Who may assume a partner role: accounts, and roles and users of other accounts."""

import re

from latchkey.frozen import Frozen
from latchkey.iam.arn import PARTITION

ACCOUNT = r"[0-9]{12}"
UNIQUE_ID = r"A(?:ROA|IDA)[A-Z0-9]{12,60}"
"""The unique ID of a role or a user (IAM user guide, "IAM identifiers", "Unique identifiers")."""
_NAME = r"[A-Za-z0-9_+=,.@-]{1,64}"
_PATH = r"(?:[A-Za-z0-9_+=,.@-]{1,128}/){0,8}"
_WHO = rf"(?:root|(?:role|user)/{_PATH}{_NAME})"
_ARN = re.compile(rf"arn:(?P<partition>{PARTITION}):iam::(?P<account>{ACCOUNT}):{_WHO}")
ROLE_OR_USER = rf"arn:{PARTITION}:iam::{ACCOUNT}:(?:role|user)/{_PATH}{_NAME}"
PATTERN = rf"{ACCOUNT}|arn:{PARTITION}:iam::{ACCOUNT}:{_WHO}"
"""All forms of a principal, as a pattern of JSON Schema's."""
_SSO_NAME = "AWSReservedSSO_"
_SSO_PATH = re.compile(r"aws-reserved/sso\.amazonaws\.com/([a-z0-9-]+/)?")
_SESSION = re.compile(
    rf"arn:(?P<partition>{PARTITION}):sts::(?P<account>{ACCOUNT}):assumed-role/"
    r"(?P<role>[A-Za-z0-9_+=,.@-]{1,64})(/.*)?"
)
_FORMS = (
    "a 12-digit account ID, arn:aws:iam::<account>:root, arn:aws:iam::<account>:role/<name> "
    "or arn:aws:iam::<account>:user/<name>"
)


class Principal(Frozen):
    """A principal of a trust policy. `partition` is None for a bare account ID."""

    text: str
    account: str
    partition: str | None

    @property
    def whole_account(self) -> bool:
        """Whether it stands for all roles and users of an account."""
        return self.partition is None or self.text.endswith(":root")

    @property
    def texts(self) -> tuple[str, ...]:
        """The principal in words."""
        return (self.text,)

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
        _require_sso_path(text, match["partition"], match["account"])
        return Principal(text, match["account"], match["partition"])
    if "*" in text or "?" in text:
        raise ValueError(f"wildcards are not allowed in a principal; write {_FORMS}")
    if match := _SESSION.fullmatch(text):
        role = f"arn:{match['partition']}:iam::{match['account']}:role/{match['role']}"
        if match["role"].startswith(_SSO_NAME):
            role = _sso_form(match["role"], match["partition"], match["account"])
        raise ValueError(
            f"a session is not a stable principal; write the ARN of its role, {role} "
            "(with its path, if it has one)"
        )
    if ":sts:" in text:
        raise ValueError("a session is not a stable principal; write the ARN of its role")
    raise ValueError(f"not a principal; write {_FORMS}")


def _require_sso_path(arn: str, partition: str, account: str) -> None:
    """IAM finds a role by its ARN with the path, and IAM Identity Center gives its roles one.

    Source: IAM Identity Center user guide, "Referencing permission sets in resource policies,
    Amazon EKS cluster config maps, and AWS KMS key policies".
    """
    kind, _, rest = arn.split(":", 5)[5].partition("/")
    path, slash, name = rest.rpartition("/")
    if kind != "role" or not name.startswith(_SSO_NAME) or _SSO_PATH.fullmatch(path + slash):
        return
    raise ValueError(
        "a role of IAM Identity Center has a path, and IAM finds it by its whole ARN: write "
        f"{_sso_form(name, partition, account)}"
    )


def _sso_form(name: str, partition: str, account: str) -> str:
    return (
        f"arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com/<region>/{name}, with "
        "the Region of Identity Center, or without `<region>/` where that is us-east-1"
    )
