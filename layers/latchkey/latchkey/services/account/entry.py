"""Reading configuration everywhere in the account, and no data."""

from collections.abc import Sequence
from typing import Annotated, Literal, override

from pydantic import Field

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.allowance import Allowance
from latchkey.services.entry import Entry
from latchkey.services.resource import Named
from latchkey.services.resource_info import ResourceInfo


class AccountAccess(Entry):
    """The configuration of all resources of the account, as an AWS-managed policy reads it.

    No data: what the policy reads of it is outside of the boundary. Environments, templates and
    task definitions count as configuration. It stands alone, or beside `s3` entries with `read`,
    and only where the guardrail `allowed_account_access` lists the word.
    """

    service: Literal["account"]
    allow: Annotated[
        Literal["audit", "view", "billing"],
        Field(
            description="`audit`: AWS's `SecurityAudit`, for posture and compliance. `view`: AWS's "
            "`ViewOnlyAccess`, for monitoring. `billing`: AWS's `AWSBillingReadOnlyAccess`."
        ),
    ]

    @override
    def named(self) -> tuple[Named, ...]:
        return ()

    @override
    def allowances(
        self, found: Sequence[ResourceInfo], environment: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        return ()

    @override
    def assumed(self, environment: AwsEnvironment) -> tuple[ResourceInfo, ...]:
        return ()


ENTRY = AccountAccess
