"""AWS Secrets Manager: the value of one secret."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import EntryFields, Service, named_as

_RANDOM = re.compile(r"-[A-Za-z0-9]{6}")
_UNKNOWN = ("-??????", "-*")
"""How policies end that name a secret without its six random characters."""


class _SecretsManager(Service):
    @override
    def describe(self, rest: str) -> str | None:
        """Without the six random characters, if they are known."""
        named = named_as(self.noun, self.arn.before, rest)
        return named[:-7] if named and _RANDOM.fullmatch(named[-7:]) else named

    @override
    def forms(self, local: str) -> tuple[str, ...]:
        """With the six random characters, and without."""
        return (local, local[:-7]) if _RANDOM.fullmatch(local[-7:]) else (local,)

    @override
    def also_known(self, arn: str) -> tuple[str, ...]:
        """Without the six random characters, as people write it in rules."""
        return self.forms(arn)[1:]

    @override
    def imported(self, arn: str, rest: str) -> Iterator[EntryFields]:
        """By name where the six random characters are a pattern, else by the ARN."""
        name = self.arn.plain(rest)
        short = next((name.removesuffix(end) for end in _UNKNOWN if name.endswith(end)), None)
        for found in super().imported(arn, self.arn.before + (short or name)):
            yield found if short else EntryFields({self.field: arn}, arn)

    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        given = {"SecretId": entry["secret"]}
        return Call("secretsmanager", "get-secret-value", given, "VersionId")


SPEC = _SecretsManager(
    name="secretsmanager",
    title="Secrets Manager",
    field="secret",
    resource_type="AWS::SecretsManager::Secret",
    arn=ArnForm(
        r"[A-Za-z0-9/_+=.@-]{1,512}",
        "letters, digits and /_+=.@-",
        before="secret:",
        after="-[A-Za-z0-9]{6}",
        slashes=True,
    ),
    actions={"read": ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")},
    labels={
        "read": "GetSecretValue",
        "put": "PutSecretValue",
        "look up": "DescribeSecret ListSecretVersionIds",
        "list names": "ListSecrets",
    },
    options=("discover",),
    discovers=("secretsmanager:ListSecrets",),
    own=("secret:latchkey-*", "secret:latchkey/*"),
    boundary=(
        "DescribeSecret",
        "GetSecretValue",
        "ListSecretVersionIds",
        "ListSecrets",
        "PutSecretValue",
    ),
    also=frozenset({"secretsmanager:DescribeSecret"}),
    changed_by=(
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:RestoreSecret",
        "secretsmanager:UpdateSecret",
    ),
    lookup=("secretsmanager:DescribeSecret", "secretsmanager:ListSecrets"),
    example={"secret": "partners/northwind/api", "allow": "read"},
)
