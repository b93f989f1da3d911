"""AWS KMS: the use of one key, and the keys behind other resources, which no config names."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import Service

ALIAS = r"alias/[A-Za-z0-9/_-]{1,250}"
"""Names of aliases (KMS API reference, CreateAlias)."""

_USE = (
    "Decrypt",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
)
"""What users of a key do with it, each by its name (KMS developer guide, "Default key policy",
"Allows key users to use the KMS key"); grants, which it has too, are not among it."""


class _Kms(Service):
    @override
    def resource_arn(self, name: str, environment: AwsEnvironment) -> str:
        """The ARN of a key; of an alias, until the lookup tells whose it is, its own."""
        arn = super().resource_arn(name, environment)
        return arn.replace(f":{self.arn.before}alias/", ":alias/")

    @override
    def also_known(self, arn: str) -> tuple[str, ...]:
        """Any alias of its account may stand for a key, and can be moved to it.

        Source: KMS developer guide, "Update aliases".
        """
        head, key, _ = arn.partition(f":{self.arn.before}")
        return (f"{head}:alias/*",) if key else ()

    @override
    def tries(self, entry: Mapping[str, Any], arn: str) -> Iterator[Call]:
        """Calls that leave nothing: an alias does for the key, which is what IAM asks about."""
        key = {"KeyId": arn}
        yield Call("kms", "describe-key", key, "KeyMetadata.KeyState")
        given = {**key, "KeySpec": "AES_256"}
        yield Call("kms", "generate-data-key-without-plaintext", given, "KeyId")

    @override
    def pasted(
        self, entry: Mapping[str, Any], arn: str, environment: AwsEnvironment
    ) -> Iterator[tuple[str, str]]:
        yield "key ID", self.arn.plain(arn.split(":", 5)[5])
        yield "key ARN", arn


SPEC = _Kms(
    name="kms",
    title="KMS",
    field="key",
    resource_type="AWS::KMS::Key",
    arn=ArnForm(
        r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})",
        "a key ID, or an alias such as alias/exports",
        before="key/",
    ),
    actions={"use": tuple(f"kms:{action}" for action in _USE)},
    labels={
        "encrypt": "Encrypt",
        "decrypt": "Decrypt",
        "encrypt anew": "ReEncryptFrom ReEncryptTo",
        "make data keys": "GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext "
        "GenerateDataKeyWithoutPlaintext",
        "look up": "DescribeKey",
    },
    own=(),  # keys have no names
    boundary=_USE,
    bounded_by="KmsBoundary",
    changed_by=(
        "kms:CancelKeyDeletion",
        "kms:DisableKey",
        "kms:EnableKey",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
    ),
    lookup=("kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListAliases"),
    also=frozenset(f"kms:{action}" for action in _USE) - {"kms:Decrypt", "kms:Encrypt"},
    key_use=False,  # the key is the resource
    example={"key": "11111111-2222-3333-4444-555555555555", "allow": "use"},
)
