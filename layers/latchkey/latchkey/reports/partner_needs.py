"""What a partner may have to be given before it can answer.

Many services ask for the ARN of a role, or for account and role name, before they say their
external ID; the role that they ask about does not exist then.
"""

import json
from collections.abc import Iterator

from latchkey.grants.plan import GrantPlan
from latchkey.reports.result import PartnerNeed

_GIVEN = "the partner's, as in the file"
_GENERATED = "made when the file is applied; the hand-off sheet has it then"
_MISSING = "asked of the partner; write it as `external_id`"


def partner_needs(plan: GrantPlan) -> Iterator[PartnerNeed]:
    """The values, of a dry run for a role that is not there; none of them is a secret."""
    if (
        not (plan.dry_run and plan.role_arn)
        or plan.before
        or plan.has_role
        or plan.outcome == "failed"
    ):
        return
    ends = plan.outcome != "rejected" and plan.desired is None
    if ends:
        return
    yield from role_names(plan.role_arn)
    if origin := _origin(plan):
        yield PartnerNeed("external ID", origin)


def role_names(arn: str) -> Iterator[PartnerNeed]:
    """A role by each of the names that forms ask for."""
    path_and_name = arn.split(":", 5)[5].removeprefix("role/")
    yield PartnerNeed("role ARN", arn)
    yield PartnerNeed("account ID", arn.split(":")[4])
    yield PartnerNeed("role name", path_and_name.rpartition("/")[2])
    yield PartnerNeed("role name with path", path_and_name)


def _origin(plan: GrantPlan) -> str | None:
    """Where the external ID comes from, as far as that is known; never the ID itself."""
    if any(problem.path == "/external_id" for problem in plan.problems):
        return _MISSING
    config = json.loads(plan.state.config) if plan.state and plan.state.config else {}
    if config.get("generate_external_id") is True:
        return _GENERATED
    return _GIVEN if config.get("external_id") else None
