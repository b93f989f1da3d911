"""Keys: by ID, ARN or alias, of this account, that encrypt and are not AWS's own."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.kms.spec import SPEC
from latchkey.services.lookup import Clients, Found, Lookup, NotGrantable, absent


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    """The key, by the ARN that it has here, also where an alias or another name stands for it.

    It is its own key: its state and its policy are held to what the role will do with it, as
    those of keys behind other resources are.
    """
    try:
        key = clients("kms").describe_key(KeyId=name)["KeyMetadata"]
    except ClientError as error:
        if absent(error, "NotFoundException"):
            return None
        raise
    arn = str(key["Arn"])
    if key.get("KeyManager") == "AWS":
        raise NotGrantable("it is a key that AWS manages; name a customer managed key")
    _, _, _, region, account, _ = arn.split(":", 5)
    if (region, account) != (environment.region, environment.account):
        raise NotGrantable(f"its key {arn} is not of this account and Region; grant it from there")
    if key.get("KeyUsage", "ENCRYPT_DECRYPT") != "ENCRYPT_DECRYPT":
        raise NotGrantable(
            f"its key {arn} does not encrypt ({key['KeyUsage']}); name a key that does"
        )
    return Found(arn, (arn,))


def _names(clients: Clients) -> Iterator[str]:
    """The aliases, without those of AWS; an ID that is mistyped has no near name."""
    for page in clients("kms").get_paginator("list_aliases").paginate():
        names = (str(alias["AliasName"]) for alias in page["Aliases"])
        yield from (name for name in names if not name.startswith("alias/aws/"))


LOOKUP = Lookup(SPEC.noun, _find, _names)
