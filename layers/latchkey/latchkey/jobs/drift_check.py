"""The drift check: compares roles and schedules with the records; runs repair the differences."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from latchkey.aws.grants_by_expiry import LiveGrant, LiveGrants
from latchkey.aws.iam import IamGateway
from latchkey.aws.round_cursor import CheckMemory
from latchkey.aws.scheduler import ScheduleGateway
from latchkey.aws.workflow import Workflow
from latchkey.config.guardrails import Guardrails
from latchkey.frozen import Frozen
from latchkey.grants.role import RoleNaming
from latchkey.iam.cloudtrail import IamCall
from latchkey.jobs.daily_round import DailyRound
from latchkey.jobs.drift_runs import DriftRuns
from latchkey.jobs.guardrails_watch import GuardrailsWatch
from latchkey.jobs.roles_compared import RolesCompared
from latchkey.jobs.sweep import PERIOD
from latchkey.keys import grant_run
from latchkey.times import instant


class DriftFound(Frozen):
    """The grants whose run was started, by the reason for it, and the roles that nobody owns.

    `changed` have another role than was written, `missing` none, `unscheduled` no expiry schedule;
    `orphaned` roles are ours and of no live grant. `idle` were not used for too long,
    `other_guardrails` were last held to others than today's. `unowned` are names of roles under
    our path that are not ours, and of all that are below it or carry our tags elsewhere: a grant's
    role is at the path itself, so nothing of Latchkey ends them. A live grant's role is among them
    while it lacks our tags. `looked_at` are those whose turn it was in the daily round, `accounts`
    those beside the stack's own whose check was started.
    """

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unscheduled: tuple[str, ...]
    orphaned: tuple[str, ...]
    idle: tuple[str, ...]
    other_guardrails: tuple[str, ...]
    unowned: tuple[str, ...]
    looked_at: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


class DriftCheck(Frozen):
    """Starts runs; `limit` bounds how many for each reason at once.

    Roles are compared in the stack's own account, `account`; for others it starts checks of their
    own (`jobs.account_check`). Schedules, and whose turn it is in the round, are here for all.
    """

    account: str
    grants: LiveGrants
    workflow: Workflow
    iam: IamGateway
    schedules: ScheduleGateway
    guardrails: GuardrailsWatch
    naming: RoleNaming
    memory: CheckMemory
    limit: int

    def check(self, now: datetime) -> DriftFound:
        """Compare all roles and schedules with what was written: calls by the page, none by grant.

        The table is read first: a grant that is in it had its role and its schedule before. Other
        accounts come next, so that no fault here keeps them from being checked.
        """
        found = self.grants.by_account()
        everyone = [grant for live in found.values() for grant in live]
        cursor = self.memory.open()
        rules, digest = self.guardrails.read(cursor)
        accounts = self._start_others(found, rules, now)
        own = RolesCompared.of(
            self.naming, found[None], self.iam.roles(self.naming.path, self.naming.stack)
        )
        scheduled = set(self.schedules.names())
        own.note_use(self.grants)
        elsewhere = {grant.id for grant in everyone if grant.account}
        start = DriftRuns(self.workflow, self.limit).start
        return DriftFound(
            changed=start("drift", own.changed(), now),
            missing=start("missing", own.missing(), now),
            unscheduled=start("unscheduled", _unscheduled(everyone, scheduled, now), now),
            orphaned=start("orphan", own.orphaned(elsewhere), now),
            idle=start("idle", own.idle(rules, now), now, rules.idle),
            other_guardrails=start("guardrails", own.other_guardrails(digest), now, once=digest),
            unowned=own.unowned(elsewhere, now),
            looked_at=DailyRound(cursor, self.workflow).start(everyone, now),
            accounts=accounts,
        )

    def heard(self, call: IamCall, account: str, now: datetime) -> str | None:
        """Start the check of the grant whose role somebody has just changed; answers the grant.

        In another account than the stack's own, a role of that name is a grant's only if the grant
        is there. However often a role is changed, its grant is checked once a minute: at once, or
        as soon as the next minute begins where that has been done. So each change has a check that
        begins after it, and nobody can fill the hub with runs.
        """
        grant = self.naming.grant_named(call.role)
        if grant is None:
            return None
        there = self.grants.of_account(account) if account != self.account else ()
        if account != self.account and grant not in {one.id for one in there}:
            return None
        order = {"action": "check", "by": "drift", "reason": call.description, **grant.document()}
        minute, second = divmod(int(now.timestamp()), 60)
        looks = ((minute, order), (minute + 1, {**order, "after_seconds": 60 - second}))
        started = (self.workflow.start(grant_run("trail", grant, at), look) for at, look in looks)
        return str(grant) if any(started) else None

    def _start_others(
        self, found: Mapping[str | None, list[LiveGrant]], rules: Guardrails, now: datetime
    ) -> tuple[str, ...]:
        """Have the accounts checked that have grants, or may have some; once a period.

        An account that has none, and is not to have any, is left alone: it may be closed.
        """
        live = {account for account, grants in found.items() if account and grants}
        accounts = sorted((live | {*rules.allowed_accounts}) - {self.account})
        if accounts:
            name = f"accounts-{int(now.timestamp()) // PERIOD}"
            self.workflow.start(name, {"accounts": accounts})
        return tuple(accounts)


def _unscheduled(
    grants: Iterable[LiveGrant], scheduled: set[str], now: datetime
) -> Iterator[LiveGrant]:
    """What is due is left to the schedule that has just fired, and to the sweep."""
    for grant in grants:
        if str(grant.id) not in scheduled and grant.expires_at > instant(now):
            yield grant
