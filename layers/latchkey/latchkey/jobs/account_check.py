"""The drift check of one account beside the stack's own, and what becomes of all of them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.aws.iam import IamGateway
from latchkey.aws.spoke_records import SpokeRecords
from latchkey.aws.workflow import Workflow
from latchkey.errors import AccountsNotChecked, EventInvalid, LatchkeyError
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.account import naming_in
from latchkey.grants.role import ObservedRole, RoleNaming
from latchkey.iam.quota import Quota
from latchkey.iam.spoke import VERSION_TAG, SpokeRole
from latchkey.jobs.drift_runs import DriftRuns
from latchkey.jobs.roles_compared import RolesCompared

_NAMED = 20
_OURS = "a fault in Latchkey, not in the account; the log of check_drift says where"


class AccountGateways(Frozen):
    """What reads one account, under the session of the drift check there."""

    iam: IamGateway
    guardrails: GuardrailsParameter


class AccountFound(Frozen):
    """The grants of one account whose run was started, by the reason for it (`DriftFound`)."""

    account: str
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    orphaned: tuple[str, ...]
    idle: tuple[str, ...]
    other_guardrails: tuple[str, ...]
    unowned: tuple[str, ...]


class AccountCheck(Frozen):
    """Checks accounts, one at a time; `home` is the stack's own, which is not among them."""

    home: str
    grants: LiveGrants
    workflow: Workflow
    guardrails: GuardrailsParameter
    naming: RoleNaming
    gateways: Callable[[str], AccountGateways]
    records: SpokeRecords
    limit: int

    def check(self, account: str, now: datetime) -> tuple[AccountFound, Quota]:
        """Compare the roles of an account; answers the room for more roles there, too.

        What it came to is put on record of the account, a failure as well.

        Raises
        ------
        EventInvalid
            When `account` is none, or the stack's own.
        LatchkeyError
            When the account could not be checked, whole.
        """
        if not (account.isascii() and account.isdigit() and len(account) == 12):
            raise EventInvalid(f"not an account: {account!r}")
        if account == self.home:
            raise EventInvalid(f"{account} is the stack's own account, which has its own check")
        try:
            found, quota, version = self._compared(account, now)
        except Exception as error:
            self.records.failed(account, now, _why(error))
            raise
        self.records.checked(account, now, version)
        return found, quota

    def _compared(self, account: str, now: datetime) -> tuple[AccountFound, Quota, str | None]:
        """Roles first, and what guardrails say of their grants next, as these may be unreadable."""
        live = [*self.grants.of_account(account)]
        there = self.gateways(account)
        enrolled = SpokeRole.CHECK.name_for(self.naming.stack)
        observed = {
            role.name: role
            for role in there.iam.roles(self.naming.path, self.naming.stack, enrolled)
        }
        version = _version(observed.pop(enrolled, None))
        found = RolesCompared.of(naming_in(self.naming, account), live, observed.values())
        found.note_use(self.grants, alone=True)
        elsewhere = self._elsewhere(account) if found.orphans() else frozenset()
        start = DriftRuns(self.workflow, self.limit).start
        changed = start("drift", found.changed(), now)
        missing = start("missing", found.missing(), now)
        orphaned = start("orphan", found.orphaned(elsewhere, account), now)
        rules, hub_digest = self.guardrails.read()
        _, own_digest = there.guardrails.read()
        digest = f"{hub_digest}/{own_digest}"
        once = sha256(digest.encode()).hexdigest()[: len(hub_digest)]  # names of runs are short
        answer = AccountFound(
            account,
            changed,
            missing,
            orphaned,
            start("idle", found.idle(rules, now), now, rules.idle),
            start("guardrails", found.other_guardrails(digest), now, once=once),
            found.unowned(elsewhere, now),
        )
        return answer, there.iam.role_quota(), version

    def _elsewhere(self, account: str) -> frozenset[GrantId]:
        return frozenset(one.id for one in self.grants.all() if one.account != account)


def not_checked(accounts: Iterable[str], outcomes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Which of the accounts could not be checked, and by what error, as far as one is known."""
    told = {str(one["account"]): str(one.get("error") or "") for one in outcomes}
    found = {account: told.get(account, "no outcome") for account in accounts}
    return {account: error for account, error in found.items() if error}


def fail_for(failed: Mapping[str, str], of: int) -> None:
    """Say which accounts could not be checked, once all others were.

    Raises
    ------
    AccountsNotChecked
        If there are any.
    """
    if not failed:
        return
    named = ", ".join(f"{account} ({error})" for account, error in [*failed.items()][:_NAMED])
    more = "" if len(failed) <= _NAMED else " and more"
    raise AccountsNotChecked(
        f"{len(failed)} of {of} accounts could not be checked: {named}{more}; `latchkey spokes` "
        "says why (docs/runbook.md#accounts-that-cannot-be-checked)"
    )


def _why(error: Exception) -> str:
    """What a record says of an error; the text of one that nobody foresaw may hold anything."""
    told = str(error) if isinstance(error, LatchkeyError) else _OURS
    return f"{type(error).__name__}: {told}"


def _version(role: ObservedRole | None) -> str | None:
    return role.tags.get(VERSION_TAG) if role else None
