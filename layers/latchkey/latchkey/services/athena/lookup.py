"""Workgroups: by name, with their result location in S3 and the key that encrypts it."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.athena.spec import SPEC
from latchkey.services.lookup import Clients, Found, Lookup, NotGrantable, absent
from latchkey.services.s3.lookup import LOOKUP as BUCKETS
from latchkey.services.spec import last_part

_SCHEME = "s3://"


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    """The workgroup; Athena answers InvalidRequestException for one that is not there."""
    try:
        answer = clients("athena").get_work_group(WorkGroup=last_part(name))
    except ClientError as error:
        if absent(error, "InvalidRequestException"):
            return None
        raise
    if "WorkGroup" not in answer:
        return None
    configuration = answer["WorkGroup"].get("Configuration", {})
    return Found(
        SPEC.resource_arn(name, environment), implied=_location(clients, configuration, environment)
    )


def _location(
    clients: Clients, configuration: dict[str, Any], environment: AwsEnvironment
) -> tuple[Found, ...]:
    """The result location, unless Athena keeps the results itself."""
    managed = configuration.get("ManagedQueryResultsConfiguration", {})
    if managed.get("EncryptionConfiguration"):
        raise NotGrantable(
            "its managed query results are under a key of yours; set a result location in S3"
        )
    if managed.get("Enabled"):
        return ()
    results = configuration.get("ResultConfiguration", {})
    location = str(results.get("OutputLocation", ""))
    if not location.startswith(_SCHEME):
        raise NotGrantable("it has no result location; set one in the workgroup's settings")
    bucket, _, prefix = location.removeprefix(_SCHEME).partition("/")
    found = BUCKETS.find(clients, bucket, environment)
    if found is None:
        raise NotGrantable(f"the bucket {bucket!r} of its result location does not exist")
    folder = f"{prefix.removesuffix('/')}/" if prefix.strip("/") else ""
    return (Found(f"{found.arn}/{folder}*", _keys(results) or found.keys),)


def _keys(results: dict[str, Any]) -> tuple[str, ...]:
    """The key that the workgroup sets for results; without one, the bucket's applies."""
    encryption = results.get("EncryptionConfiguration", {})
    if encryption.get("EncryptionOption") == "CSE_KMS":
        raise NotGrantable("its results are encrypted by the client; use SSE_KMS instead")
    return (str(encryption["KmsKey"]),) if "KmsKey" in encryption else ()


def _names(clients: Clients) -> Iterator[str]:
    token: dict[str, str] = {}
    while True:
        page = clients("athena").list_work_groups(**token)
        yield from (group["Name"] for group in page["WorkGroups"])
        if "NextToken" not in page:
            return
        token = {"NextToken": page["NextToken"]}


LOOKUP = Lookup(SPEC.noun, _find, _names)
