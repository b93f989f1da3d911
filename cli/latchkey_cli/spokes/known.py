"""What the stack knows of each account beside its own: whether it may grant there, and did."""

from dataclasses import dataclass

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
    def failed(self) -> bool:
        """Whether it could not be checked the last time."""
        return self.record.failed_at is not None

    @property
    def status(self) -> str:
        """In two words at most."""
        if self.failed:
            return "failed"
        if not self.record.checked_at:
            return "never checked"
        return "ok" if self.allowed else "not allowed"

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
    allowed = set(guardrails(stack).read()[0].allowed_accounts) - {stack.environment.account}
    known = {record.account: record for record in SpokeRecords(stack.table).all()}
    grants = {
        account: tuple(sorted(str(grant.id) for grant in stack.live_grants.of_account(account)))
        for account in known
    }
    return [
        Spoke(
            known.get(account) or SpokeRecord(account),
            account in allowed,
            grants.get(account, ()),
        )
        for account in sorted({*known, *allowed})
    ]


def known_accounts(stack: Stack) -> list[str]:
    """The accounts that have a stack for this one, as far as anybody knows."""
    recorded = {record.account for record in SpokeRecords(stack.table).all()}
    try:
        return sorted(recorded | {one.account for one in spokes(stack)})
    except GuardrailsUnreadable:
        return sorted(recorded)


def guardrails(stack: Stack) -> GuardrailsParameter:
    """The hub's guardrails."""
    name = stack.parameters.get("GuardrailsParameterName") or own_guardrails(stack.name)
    return GuardrailsParameter(stack.client("ssm"), name)
