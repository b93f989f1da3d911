"""Reading configuration everywhere in the account, and no data."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.entry import Entry
from latchkey.services.resource import Named
from latchkey.services.resource_info import ResourceInfo

_READS_DATA = re.compile(r"(?:.*/)?(?:power.?user|admin|read)\w*", re.ASCII | re.IGNORECASE)


def _without_data(allow: object) -> object:
    """Refuse AWS's policies that read data, or change something, with the reason."""
    if isinstance(allow, str) and _READS_DATA.fullmatch(re.sub("[ _-]", "", allow)):
        raise ValueError(
            "access to the account is reading its configuration only: ReadOnlyAccess and wider "
            "policies read data too, also of what no file names, and no list of denials keeps all "
            "of it out. Write 'audit', 'view' or 'billing', and name data in entries of services"
        )
    return allow


class AccountAccess(Entry):
    """The configuration of all resources of the account, as an AWS-managed policy reads it.

    No data: what the policy reads of it is outside of the boundary. Environments, templates and
    task definitions count as configuration. It stands alone, or beside `s3` entries with `read`,
    and only where the guardrail `allowed_account_access` lists the word.
    """

    service: Literal["account"]
    allow: Annotated[
        Literal["audit", "view", "billing"],
        BeforeValidator(_without_data),
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
