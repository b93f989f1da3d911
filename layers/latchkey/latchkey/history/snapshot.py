"""What a grant allows from one moment on, as its role's policies say: one entry of its history."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.author import Author
from latchkey.grants.intent import INTERRUPTED, Intent
from latchkey.grants.plan import GrantPlan
from latchkey.grants.record import GrantRecord
from latchkey.grants.session_statements import SELF_ASSUME, SELF_SIDS
from latchkey.iam.document import Document
from latchkey.iam.statement import Statement, statements_of
from latchkey.iam.web_identity import identities_in
from latchkey.keys import run_of
from latchkey.newer_python import replace
from latchkey.services.labels import service_of
from latchkey.services.managed import access_by
from latchkey.services.registry import spec
from latchkey.times import parse_instant, stamp

_PART = re.compile(r"(Access\d+(?:Custom\d+)?)(.*)")
_KEY = "Key"


class Allowed(Frozen):
    """Actions on one resource: ARNs as the policy has them, a `*` at the end for all below.

    `also` are ARNs that the same `access` entry needs beside it, like the bucket of a folder.
    """

    resource: str
    actions: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def arns(self) -> tuple[str, ...]:
        """The ARNs of both."""
        return (self.resource, *self.also)


class AccessSnapshot(Frozen):
    """What a grant allows from `at` on, until the next snapshot of the same grant.

    `at` is when the role was read back as it is then, as `times.stamp` writes times.
    `allows` is empty for a role that is suspended or gone. A snapshot that is not `certain` is that
    of a run that failed: the role may be as it was before, as was planned, or in between.
    `starts_at` and `expires_at` (`YYYY-MM-DDTHH:MM:SSZ`) stand in the policies themselves. `author`
    wrote the file's version that it goes by.
    """

    id: GrantId
    at: str
    run: str
    fact: str
    reason: str
    certain: bool = True
    principals: tuple[str, ...] = ()
    allows: tuple[Allowed, ...] = ()
    starts_at: str | None = None
    expires_at: str | None = None
    role_arn: str | None = None
    purpose: str | None = None
    owner: str | None = None
    author: Author | None = None

    def document(self) -> dict[str, Any]:
        """The snapshot as JSON data, with the grant's two names among its fields."""
        document = super().document()
        return {**document.pop("id"), **document}

    @classmethod
    def from_document(cls, document: Mapping[str, Any], where: str = "") -> Self:
        """The snapshot in JSON data that `document` made; what is None may be missing."""
        return super().from_document({**document, "id": document}, where)


def snapshot_after(
    plan: GrantPlan, applied: Mapping[str, Any], fact: str | None, run: str
) -> AccessSnapshot | None:
    """What a run left a grant allowing; None where it cannot have changed that.

    `applied` is what carrying out the plan came to, `fact` is what is recorded of it.
    """
    state = plan.state
    if plan.grant is None or state is None or not _touched(plan):
        return None
    base = AccessSnapshot(
        id=plan.grant,
        at=_in_force(plan, applied),
        run=run,
        fact=fact or "Unchanged",
        reason=plan.reason,
        certain=plan.outcome != "failed",
        role_arn=state.role_arn,
    )
    return base if plan.desired is None else _granting(base, plan, state)


def snapshot_of(intent: Intent) -> AccessSnapshot | None:
    """What a run may have left a grant allowing that has not recorded what it began."""
    plan = replace(intent.plan, outcome="failed", reason=INTERRUPTED, planned_at=intent.at)
    return snapshot_after(plan, {}, "GrantFailed", run_of(intent.run))


def _touched(plan: GrantPlan) -> bool:
    """Whether the role may have been written, or was seen to be as planned."""
    if plan.outcome == "failed":
        assert plan.state  # asked before
        may_have = bool(plan.begun or (plan.changes and not plan.wrote_nothing))
        return may_have and plan.state.role_arn is not None
    return plan.outcome not in ("rejected", "planned", "pending_approval")


def _in_force(plan: GrantPlan, applied: Mapping[str, Any]) -> str:
    """When the role was read back or, where nothing had to be written, looked at."""
    read_at = (applied.get("verified") or {}).get("read_at")
    return max(plan.planned_at, stamp(parse_instant(read_at)) if read_at else "")


def _granting(base: AccessSnapshot, plan: GrantPlan, state: GrantRecord) -> AccessSnapshot:
    assert plan.desired
    return replace(
        base,
        principals=principals_in(plan.desired.trust_policy),
        allows=(
            *managed_by(plan.desired.managed_access),
            *allowed_by(plan.desired.permissions_policy),
        ),
        starts_at=state.starts_at,
        expires_at=state.expires_at,
        purpose=state.purpose,
        owner=state.owner,
        author=state.author,
    )


def principals_in(trust_policy: Document) -> tuple[str, ...]:
    """The principals that a trust policy names, which may be one that IAM has rewritten.

    A role that may assume itself is nobody else.
    """
    statements = (one for one in statements_of(trust_policy) if not _about_itself(one))
    named = (one for each in statements for one in (*each.aws_principals, *identities_in(each)))
    return tuple(sorted(set(named)))


def allowed_by(permissions_policy: Document) -> tuple[Allowed, ...]:
    """What a permissions policy of ours allows, an `access` entry at a time.

    The first statement of an entry names its resource, the others what goes with it; each
    statement of a custom entry, and the use of keys, stands for itself.
    """
    parts: dict[str, list[Statement]] = {}
    for statement in statements_of(permissions_policy):
        if statement.effect == "Allow" and statement.sid != SELF_ASSUME:
            parts.setdefault(_part(statement.sid), []).append(statement)
    found = (one for part, mine in parts.items() for one in _accesses(part, mine))
    return tuple(dict.fromkeys(found))


def managed_by(attached: Iterable[str]) -> Iterator[Allowed]:
    """What AWS-managed policies that are access allow, each by its ARN."""
    return (Allowed(arn, (access,)) for arn in attached if (access := access_by(arn)))


def _about_itself(statement: Statement) -> bool:
    """Whether a statement of ours is for the role itself, by the one ARN that it names."""
    named = [one for one in statement.conditions if one.about == ("ArnEquals", "aws:principalarn")]
    return (statement.sid or "") in SELF_SIDS and [len(one.values) for one in named] == [1]


def _accesses(part: str, statements: list[Statement]) -> list[Allowed]:
    if part.endswith(_KEY) or "Custom" in part:
        return _each(statements)
    return [_together(statements)]


def _part(sid: str | None) -> str:
    found = _PART.fullmatch(sid or "")
    if found is None:  # named by somebody who took something out of the policy
        return f"Custom {sid}"
    entry, name = found.groups()
    return f"{entry}{_KEY}" if name == _KEY else str(entry)


def _each(statements: list[Statement]) -> list[Allowed]:
    return [
        Allowed(resource, statement.actions)
        for statement in statements
        for resource in statement.resources
    ]


def _resource(statement: Statement) -> str:
    """What a statement names first; what has no ARN goes by a word of its service's."""
    first = statement.resources[0]
    service = service_of(statement.actions[0])
    return f"arn:aws:{service}:::{spec(service).unnamed}" if first == "*" else first


def _together(statements: list[Statement]) -> Allowed:
    resource = _resource(statements[0])
    arns = dict.fromkeys(arn for one in statements for arn in one.resources if arn != "*")
    actions = sorted({action for statement in statements for action in statement.actions})
    return Allowed(resource, tuple(actions), tuple(arn for arn in arns if arn != resource))
