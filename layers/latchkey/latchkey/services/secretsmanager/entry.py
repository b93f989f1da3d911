"""Secrets Manager: the value of one secret."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, override

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.entry import Allowance, ResourceInfo, ServiceEntry, key_allowance
from latchkey.services.resource import ResourceName

_SECRET = ResourceName(
    "secret",
    "secretsmanager",
    r"[A-Za-z0-9/_+=.@-]{1,512}",
    "letters, digits and /_+=.@-",
    before="secret:",
    after="-[A-Za-z0-9]{6}",
)


class SecretAccess(ServiceEntry):
    """The value of one secret."""

    RESOURCE: ClassVar[str] = "secret"

    service: Literal["secretsmanager"]
    secret: Annotated[
        StrictStr,
        _SECRET,
        Field(description="The secret's name, or its full ARN with the six characters at the end."),
    ]
    allow: Annotated[Literal["read"], Field(description="`read`: describe it and get its value.")]

    @override
    def allowances(
        self, found: Sequence[ResourceInfo], place: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        """The statements of one secret, on its full ARN with the six random characters.

        The secret's ARN is the encryption context of its key (Secrets Manager user guide, "Secret
        encryption and decryption").
        """
        (facts,) = found
        actions = ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")
        context = {"SecretARN": facts.arn}
        key = key_allowance(place, "secretsmanager", facts, ("kms:Decrypt",), context)
        return (Allowance("Secret", actions, (facts.arn,)), *key)
