"""The name of a grant's role, where its partner demands one (`role_name`)."""

import json

from latchkey.config.problem import Problem
from latchkey.grant_id import GrantId
from latchkey.grants.record import GrantRecord
from latchkey.grants.role import RoleNaming
from latchkey.keys import role_name_partition

TAKEN = Problem(
    "/role_name",
    "in use for another grant of this account; to IAM, role names are the same in any case",
)


def name_in_force(
    record: GrantRecord | None, grant: GrantId, demanded: str | None, naming: RoleNaming
) -> str:
    """The name of a grant's role: as it is while the grant lives, then as its config says."""
    if record and record.live and record.role_arn:
        return record.role_arn.rpartition("/")[2]
    return naming.role_name(grant, demanded)


def claimed(state: GrantRecord) -> tuple[str, str] | None:
    """The account and the name that a grant's record has a claim on, if it has any."""
    return (state.account, state.role_name) if state.role_name and state.account else None


def given_back(state: GrantRecord) -> tuple[str, ...]:
    """The partition of the claim on its role's name that a grant gives back when it ends."""
    named = claimed(state)
    return (role_name_partition(*named),) if named else ()


def role_name_problems(
    record: GrantRecord | None, grant: GrantId, demanded: str | None, naming: RoleNaming
) -> tuple[Problem, ...]:
    """A live grant keeps its role, and so its name; what names another grant's is for that one."""
    other = naming.grant_named((demanded or "").lower())
    if other and other != grant:
        message = f"the name that the role of the grant {other} has; choose another"
        return (Problem("/role_name", message),)
    if not (record and record.live) or demanded == record.role_name:
        return ()
    before = record.role_name
    kept = f"`role_name`: {json.dumps(before)}" if before else "no `role_name`"
    message = f"a live grant keeps the name of its role: write {kept}, or revoke it and grant anew"
    return (Problem("/role_name", message),)
