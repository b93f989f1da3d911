"""Amazon Athena: what a config may say of a workgroup."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import HTTPS, Allowance, key_allowance
from latchkey.services.athena.spec import RESULTS, SPEC
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service


class WorkgroupAccess(ServiceEntry):
    """Queries in one workgroup; the tables and their data are entries of their own."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["athena"]
    workgroup: Annotated[
        StrictStr, ResourceName(SPEC), Field(description="The workgroup's name or ARN.")
    ]
    allow: Annotated[
        Literal["query"],
        Field(
            description="`query`: run and stop queries and read their results, including in the "
            "workgroup's result location in S3."
        ),
    ]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one workgroup, and of the result location that it implies.

        Athena reads and writes results with the caller's permissions (Athena user guide, "Query
        results and recent queries" and "Access to Amazon S3 from Athena"), whose prefix the
        lookup took from the workgroup.
        """
        own = tuple(a for a in SPEC.actions[self.allow] if a.startswith("athena:"))
        allowed = [Allowance("Workgroup", own, (info.arn,))]
        for location in info.implied:
            allowed += _results(location, environment)
        return tuple(allowed)


def _results(location: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
    bucket, _, prefix = location.arn.partition("/")
    folder = {"StringLike": {"s3:prefix": prefix}} if prefix != "*" else {}
    context = {"aws:s3:arn": [bucket, location.arn]}
    actions = ("kms:Decrypt", "kms:GenerateDataKey")
    return (
        Allowance("Results", RESULTS, (location.arn,), HTTPS),
        Allowance("ResultsList", ("s3:ListBucket",), (bucket,), {**HTTPS, **folder}),
        Allowance("ResultsLocation", ("s3:GetBucketLocation",), (bucket,), HTTPS),
        *key_allowance(environment, "s3", location, actions, context),
    )


ENTRY = WorkgroupAccess
