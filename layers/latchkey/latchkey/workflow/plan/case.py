"""All that a run found out about a grant, and what follows from it."""

from datetime import datetime
from typing import Any

from latchkey.config.problem import ConfigRejected
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.lifecycle import Decision, decide
from latchkey.grants.record import GrantRecord, Instruction
from latchkey.times import instant
from latchkey.workflow.plan.examine_config import Looked
from latchkey.workflow.plan.find_config import FoundConfig
from latchkey.workflow.request import ActionRequest, Request


class Case(Frozen):
    """All that a run found out about a grant before it decides.

    `begun` are changes that a run before it began and did not live to record, `looked` is what was
    looked up already of what the config names.
    """

    request: Request
    found: FoundConfig
    grant: GrantId
    record: GrantRecord | None
    earlier: tuple[GrantId, ...]
    now: datetime
    begun: tuple[dict[str, Any], ...] = ()
    looked: Looked | None = None

    @property
    def checked(self) -> bool:
        """Whether this run only looks again at what was granted."""
        return isinstance(self.request, ActionRequest) and self.request.action == "check"

    @property
    def live(self) -> bool:
        """Whether the grant may have a role, by its record."""
        return self.record is not None and self.record.live


def decision_for(case: Case) -> Decision | None:
    """What the grant should be; None when an invalid config never granted anything."""
    read = case.found.read
    if read is None or read.config is None:
        return _decision_without_config(case)
    if read.grant != case.grant:
        file = case.record.config_key if case.record else "its file"
        return Decision("absent", "revoked", f"{file} now names {read.grant}")
    return decide(read.config, _instruction(case), case.now, case.request.reason)


def _decision_without_config(case: Case) -> Decision | None:
    """A file that is gone, or a config that was accepted once and would not be today.

    Raises
    ------
    ConfigRejected
        With what is wrong with the accepted config; the grant stays as it is until it expires.
    """
    request, record, found = case.request, case.record, case.found
    if isinstance(request, ActionRequest) and request.action == "revoke":
        return Decision(
            "absent", "revoked", request.reason or "revoked by workflow input", "revoke"
        )
    if record is None:
        return Decision(
            "absent", "revoked", "its role was made, and no config asks for it any more"
        )
    if found.read is None:
        removed = Decision("absent", "revoked", f"{found.source.key} was removed")
        return removed if found.source.key else None
    if record.expires_at and record.expires_at <= instant(case.now):
        return Decision("absent", "expired", f"expired at {record.expires_at}")
    raise ConfigRejected(found.read.problems)


def _instruction(case: Case) -> Instruction | None:
    """The operator's order in force: this request's, or an earlier one for the same version."""
    if isinstance(case.request, ActionRequest) and case.request.action != "check":
        return case.request.action
    record = case.record
    same = record is not None and record.config_version == case.found.source.version
    return record.instruction if record and same else None
