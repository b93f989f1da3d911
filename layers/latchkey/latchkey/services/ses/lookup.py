"""Identities: by domain or address, with the configuration set that they use by default."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import Clients, Found, Lookup, absent
from latchkey.services.ses.spec import SPEC

_SET = "configuration-set/"


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    arn = SPEC.resource_arn(name, environment)
    head, _, plain = arn.partition(SPEC.arn.before)
    try:
        identity: dict[str, Any] = clients("sesv2").get_email_identity(EmailIdentity=plain)
    except ClientError as error:
        if absent(error, "NotFoundException"):
            return None
        raise
    name_of_set = identity.get("ConfigurationSetName")
    implied = (Found(f"{head}{_SET}{name_of_set}"),) if name_of_set else ()
    return Found(arn, implied=implied)


def _names(clients: Clients) -> Iterator[str]:
    token: dict[str, str] = {}
    while True:
        page: dict[str, Any] = clients("sesv2").list_email_identities(**token)
        yield from (identity["IdentityName"] for identity in page["EmailIdentities"])
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


LOOKUP = Lookup(SPEC.noun, _find, _names)
