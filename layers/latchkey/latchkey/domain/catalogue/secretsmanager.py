"""Secrets Manager: the value of one secret."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

from latchkey.domain.catalogue.entry import Allowance, Entry, Facts, Place, key_allowance

_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}", re.ASCII)
_ARN = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov):secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:"
    r"[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}",
    re.ASCII,
)
_ACTIONS = ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")


def _secret(text: str) -> str:
    if not (_NAME.fullmatch(text) or _ARN.fullmatch(text)):
        raise ValueError(
            "not a secret: write its name (letters, digits and /_+=.@-) or its full ARN "
            "with the six characters at the end; wildcards are not allowed"
        )
    return text


class SecretAccess(Entry):
    """One secret, by name or full ARN."""

    service: Literal["secretsmanager"]
    secret: Annotated[str, AfterValidator(_secret)]
    allow: Literal["read"]

    def named(self) -> tuple[str, str]:
        """The field that names the resource, and its value."""
        return "secret", self.secret


def allowances(entry: SecretAccess, facts: Facts, place: Place) -> tuple[Allowance, ...]:
    """The statements of one secret, on its full ARN with the six random characters.

    The secret's ARN is the encryption context of its key (Secrets Manager user guide, "Secret
    encryption and decryption").
    """
    del entry  # a secret has one kind of access
    read = Allowance("Secret", _ACTIONS, (facts.arn,))
    context = {"SecretARN": facts.arn}
    return (read, *key_allowance(place, "secretsmanager", facts, ("kms:Decrypt",), context))
