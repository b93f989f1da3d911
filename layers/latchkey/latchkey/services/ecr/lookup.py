"""Repositories: by name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.ecr.spec import SPEC
from latchkey.services.lookup import Clients, Found, Lookup, absent, found

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    ecr: ECRClient = clients("ecr")
    plain = SPEC.resource_arn(name, environment).partition(f":{SPEC.arn.before}")[2]
    try:
        (repository,) = ecr.describe_repositories(repositoryNames=[plain])["repositories"]
    except ClientError as error:
        if absent(error, "RepositoryNotFoundException"):
            return None
        raise
    return found(repository["repositoryArn"])


def _names(clients: Clients) -> Iterator[str]:
    ecr: ECRClient = clients("ecr")
    for page in ecr.get_paginator("describe_repositories").paginate():
        yield from (repository["repositoryName"] for repository in page["repositories"])


LOOKUP = Lookup(SPEC.noun, _find, _names)
