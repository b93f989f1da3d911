"""Secrets Manager: the value of one secret."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance, key_allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.secretsmanager.spec import SPEC
from latchkey.services.spec import Service


class SecretAccess(ServiceEntry):
    """The value of one secret."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["secretsmanager"]
    secret: Annotated[
        StrictStr,
        ResourceName(SPEC),
        Field(description="The secret's name, or its full ARN with the six characters at the end."),
    ]
    allow: Annotated[Literal["read"], Field(description="`read`: describe it and get its value.")]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one secret, on its full ARN with the six random characters.

        The secret's ARN is the encryption context of its key (Secrets Manager user guide, "Secret
        encryption and decryption").
        """
        context = {"SecretARN": info.arn}
        key = key_allowance(environment, "secretsmanager", info, ("kms:Decrypt",), context)
        return (Allowance("Secret", SPEC.actions[self.allow], (info.arn,)), *key)


ENTRY = SecretAccess
