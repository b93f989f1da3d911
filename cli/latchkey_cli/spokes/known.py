"""What the stack knows of each account beside its own: whether it may grant there, and did."""

from dataclasses import dataclass, replace

from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.spoke_records import SpokeRecord, SpokeRecords
from latchkey.errors import GuardrailsUnreadable
from latchkey.services.own_names import own_guardrails
from latchkey_cli.aws.stack import Stack


@dataclass(frozen=True)
class Spoke:
    """One account: whether the hub's guardrails allow it, what is on record of it, live grants."""

    record: SpokeRecord
    allowed: bool
    grants: tuple[str, ...] = ()

    @property
    def account(self) -> str:
        """Its ID."""
        return self.record.account

    @property
    def is_checked(self) -> bool:
        """Whether the drift check reads it: what was taken off and has no grants is left alone."""
        return self.allowed or bool(self.grants)

    @property
    def failed(self) -> bool:
        """Whether it is checked, and could not be the last time."""
        return self.is_checked and self.record.failed_at is not None

    @property
    def status(self) -> str:
        """In two words at most."""
        if self.failed:
            return "failed"
        if not self.allowed:
            return "not allowed"
        return "ok" if self.record.checked_at else "never checked"

    def older_than(self, newest: int) -> bool:
        """Whether its stack is known to be of an earlier version."""
        version = self.record.version or ""
        return version.isdecimal() and int(version) < newest


def spokes(stack: Stack) -> list[Spoke]:
    """All accounts that the guardrails allow, or that there are or were grants in, by their IDs.

    Raises
    ------
    GuardrailsUnreadable
        Where the guardrails do not say.
    """
    rules, _ = guardrails(stack).read()
    allowed = {*rules.allowed_accounts} - {stack.environment.account}
    known = {one.account: one for one in on_record(stack)}
    return [
        replace(known[one], allowed=one in allowed)
        if one in known
        else Spoke(SpokeRecord(one), allowed=True)
        for one in sorted({*known, *allowed})
    ]


def on_record(stack: Stack) -> list[Spoke]:
    """The accounts that were ever granted in or checked, whether the guardrails allow them or not.

    What is done there goes on, so as long as nobody knows better they count as allowed.
    """
    return [
        Spoke(record, allowed=True, grants=_grants_in(record.account, stack))
        for record in SpokeRecords(stack.table).all()
    ]


def as_far_as_known(stack: Stack) -> list[Spoke]:
    """All of them or, where the guardrails cannot be read, those on record."""
    try:
        return spokes(stack)
    except GuardrailsUnreadable:
        return on_record(stack)


def _grants_in(account: str, stack: Stack) -> tuple[str, ...]:
    return tuple(sorted(str(grant.id) for grant in stack.live_grants.of_account(account)))


def guardrails(stack: Stack) -> GuardrailsParameter:
    """The hub's guardrails."""
    name = stack.parameters.get("GuardrailsParameterName") or own_guardrails(stack.name)
    return GuardrailsParameter(stack.client("ssm"), name)
