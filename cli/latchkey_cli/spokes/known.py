"""What the stack knows of each account beside its own: whether it may grant there, and did."""

from dataclasses import dataclass, replace

from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.spoke_records import SpokeRecord, SpokeRecords
from latchkey.errors import GuardrailsUnreadable, PermissionDenied
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

    @property
    def why(self) -> str:
        """Why it could not be checked the last time, and when it last could."""
        last = self.record.checked_at
        since = f"; the last time it could: {last}" if last else ""
        return f"{self.record.error or 'no reason is on record'}{since}"

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
    except (GuardrailsUnreadable, PermissionDenied):
        return on_record(stack)


def not_checked(stack: Stack) -> list[Spoke]:
    """Those that could not be checked the last time; a call where no account is on record."""
    if not any(SpokeRecords(stack.table).all()):
        return []
    return [one for one in as_far_as_known(stack) if one.failed]


def _grants_in(account: str, stack: Stack) -> tuple[str, ...]:
    return tuple(sorted(str(grant.id) for grant in stack.live_grants.of_account(account)))


def guardrails(stack: Stack) -> GuardrailsParameter:
    """The hub's guardrails."""
    name = stack.parameters.get("GuardrailsParameterName") or own_guardrails(stack.name)
    return GuardrailsParameter(stack.client("ssm"), name)
