"""KMS: what a config may say of a key."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.arn import PARTITION
from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.entry import ServiceEntry
from latchkey.services.kms.spec import ALIAS, SPEC
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service

_OF_AWS = re.compile(r"(?:^|:)alias/aws/")


class KeyName(ResourceName):
    """The form of a key's name: its ID, an alias, or the ARN of either."""

    @property
    @override
    def pattern(self) -> str:
        key = self.service.arn.name
        arn = rf"arn:{PARTITION}:kms:[a-z]{{2,4}}(?:-[a-z]+)+-[0-9]:[0-9]{{12}}:"
        return f"^(?:{key}|{ALIAS}|{arn}(?:key/{key}|{ALIAS}))$"

    @override
    def check(self, text: str) -> str:
        """The text, if it names a key that is not AWS's own.

        Their key policies are AWS's, and let nobody use them but its services (KMS developer guide,
        "AWS managed keys").
        """
        if _OF_AWS.search(text):
            raise ValueError(
                "not a key of yours: keys that AWS manages (alias/aws/…) are used by its services "
                "only; name a customer managed key"
            )
        return super().check(text)


class KeyAccess(ServiceEntry):
    """The use of one key, for partners that keep their data under it."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["kms"]
    key: Annotated[
        StrictStr,
        KeyName(SPEC),
        Field(
            description="The key's ID or ARN, or an alias of it: the role gets the key that the "
            "alias stands for when it is planned."
        ),
    ]
    allow: Annotated[
        Literal["use"],
        Field(
            description="`use`: encrypt, decrypt, make data keys and look the key up, by calls of "
            "KMS itself. No grants, and nothing that changes the key. The keys behind other "
            "entries need no entry of their own."
        ),
    ]

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statement of one key; as its ARN, since an alias in a policy stands for no key.

        Source: KMS developer guide, "Specifying KMS keys in IAM policy statements". The endpoints
        of KMS answer HTTPS only.
        """
        return (Allowance("Use", SPEC.actions[self.allow], (info.arn,)),)


ENTRY = KeyAccess
