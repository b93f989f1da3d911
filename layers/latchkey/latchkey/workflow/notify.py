"""Notifications: recorded outcomes go to people and systems as files, an event and a message."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from latchkey.aws.chat_topic import ChatTopic
from latchkey.aws.config_versions import ConfigVersions
from latchkey.aws.event_bus import BusEvent, EventBus
from latchkey.aws.external_ids import PartnerExternalIds
from latchkey.aws.grant_table import GrantTable
from latchkey.aws.notices_topic import NoticesTopic
from latchkey.aws.partitions import dns_suffix, partition_of
from latchkey.aws.results_bucket import ResultsBucket
from latchkey.aws.security_log import SecurityLog
from latchkey.concurrency import concurrently
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.plan import GrantPlan
from latchkey.grants.record import GrantRecord
from latchkey.keys import RESULT_TEXT, SHEET, SHEET_PAGE, beside_result
from latchkey.reports.chat import chat_notice
from latchkey.reports.handoff.contents import Handoff, handoff
from latchkey.reports.handoff.html import html
from latchkey.reports.handoff.markdown import markdown
from latchkey.reports.links import Links
from latchkey.reports.notice import outcome_notice
from latchkey.reports.ocsf import object_key, ocsf
from latchkey.reports.outcome_event import About, OutcomeEvent, outcome_event
from latchkey.reports.redaction import named_external_ids
from latchkey.reports.result import Result
from latchkey.reports.result_markdown import markdown as result_markdown
from latchkey.workflow.events import NotifyEvent
from latchkey.workflow.result import result_key, result_of
from latchkey.workflow.run_data import RunData

Task = Callable[[], object]

_LOOKS = 5
"""How often to look for a newer result after writing; the run of a later one notifies of it."""


class NotifyStep(Frozen):
    """The step NotifyOutcome: people and systems hear of what was recorded."""

    data: RunData
    notifier: "Notifier"

    def notify(self, event: NotifyEvent, now: datetime) -> str | None:
        """Notify of a run's outcome; answers the type of the event, if any."""
        plan, applied = self.data.to_record(event, now)
        return self.notifier.notify(plan, applied, event.execution.id)


class Notifier(Frozen):
    """Notifies of recorded outcomes; `region` is the Region of the grants' resources.

    `home` is the stack's own account.

    The lease is free again by now, so a newer run may notify first. Files are therefore written and
    then compared with the result file as it stands, which only the holder of the lease writes:
    the last writer has seen the newest result. Events and messages are delivered at least once.
    """

    table: GrantTable
    versions: ConfigVersions
    partners: PartnerExternalIds
    results: ResultsBucket
    bus: EventBus
    topic: NoticesTopic
    region: str
    links: Links
    home: str
    chat: ChatTopic | None = None
    facts: SecurityLog | None = None

    def notify(self, plan: GrantPlan, applied: dict[str, Any], run: str) -> str | None:
        """Write the files, send event and message; answers the type of the event, if any.

        The result is what plan and changes come to, as it was when it was recorded.
        """
        key, result = result_key(plan), _as_in_file(result_of(plan, applied))
        known = self._known(plan)
        others = self.partners.beside(plan.grant) if plan.grant else ()
        unsaid = _external_ids(plan, known, others)
        event = None if plan.dry_run else self._event(plan, known, result, run, unsaid)
        calls = list(self._notices(event, result, unsaid)) if event else []
        if key:
            told = plan.outcome not in ("rejected", "pending_approval") and not plan.dry_run
            state = plan.state if told else None
            calls += self._files(key, result, state, unsaid)
        concurrently(*calls)
        if key:
            self._catch_up(key, result, unsaid)
        if event and self.chat:  # once all else is told, so that no failure of that tells it twice
            made = _created(result)
            self.chat.publish(chat_notice(event, self.links, created=made, home=self.home))
        return event.fact if event else None

    def _known(self, plan: GrantPlan) -> GrantRecord | None:
        """The grant by its last config; read where there is something to tell of it."""
        state = plan.state
        known = state if state and (state.config or state.config_object) else None
        if known or plan.grant is None or plan.dry_run or plan.event_type is None:
            return known
        return self.table.get(plan.grant)

    def _event(
        self,
        plan: GrantPlan,
        known: GrantRecord | None,
        result: dict[str, Any],
        run: str,
        unsaid: tuple[str, ...],
    ) -> OutcomeEvent | None:
        event_type = plan.event_type
        if event_type is None:
            return None
        about = About(
            fact=event_type,
            owner=known.owner if known else None,
            owner_contact=known.owner_contact if known else None,
            by=plan.by,
            result_bucket=self.results.name,
            result_key=result_key(plan),
            execution=run,
            unsaid=unsaid,
        )
        return outcome_event(result, about)

    def _notices(
        self, event: OutcomeEvent, result: dict[str, Any], unsaid: tuple[str, ...]
    ) -> Iterator[Task]:
        about = (event.role_arn,) if event.role_arn else ()
        yield partial(self.bus.put, [BusEvent(event.fact, event.document(), about)])
        made = _created(result)
        notice = outcome_notice(event, self.links, created=made, home=self.home)
        yield partial(self.topic.publish, notice)
        if self.facts:
            fact = ocsf(event, result, self.region, unsaid)
            yield partial(self.facts.put, object_key(event), fact)

    def _files(
        self,
        key: str,
        result: dict[str, Any],
        state: GrantRecord | None,
        unsaid: Iterable[str],
    ) -> Iterator[Task]:
        text = result_markdown(result, unsaid)
        beside = beside_result(key, RESULT_TEXT)
        yield partial(self.results.put_text, beside, text, "text/markdown")
        if state:
            yield partial(self._sheets, key, state, result)

    def _sheets(self, key: str, state: GrantRecord, result: dict[str, Any]) -> None:
        """Write the sheets; whoever is told of the outcome does not wait for what they show."""
        suffix = dns_suffix(partition_of(self.region))
        sheet = handoff(self.versions.shown(state), self.region, result, suffix)
        if sheet:
            concurrently(*self._writes(key, sheet, state.id))

    def _writes(self, result: str, sheet: Handoff, grant: GrantId) -> Iterator[Task]:
        """A grant that ended replaces the sheets of that same grant only."""
        texts = ((SHEET, markdown, "text/markdown"), (SHEET_PAGE, html, "text/html"))
        for ending, written, media_type in texts:
            key = beside_result(result, ending)
            put = partial(self.results.put_text, key, written(sheet), media_type, grant)
            ended = sheet.phase == "ended"
            yield partial(self._replace, key, grant, put) if ended else put

    def _replace(self, key: str, grant: GrantId, put: Task) -> None:
        if self.results.is_of(key, grant):
            put()

    def _catch_up(self, key: str, written: dict[str, Any], unsaid: tuple[str, ...]) -> None:
        """Write again what a newer run has recorded since, until the files are as the result is."""
        for _ in range(_LOOKS):
            newest = self.results.get(key)
            if newest is None or newest == written:
                return
            grant = newest["grant"] and GrantId(newest["partner"], newest["grant"])
            state = self.table.get(grant) if grant else None
            also = (*unsaid, *(state.external_ids if state else ()))
            concurrently(*self._files(key, newest, state, also))
            written = newest


def _created(result: dict[str, Any]) -> bool:
    return any(change.get("action") == "CreateRole" for change in result["changes"])


def _as_in_file(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(result.document()))
    return found


def _external_ids(
    plan: GrantPlan, known: GrantRecord | None, others: Iterable[str]
) -> tuple[str, ...]:
    """All that are known: of the grant as it was and is to be, of the config, of other grants."""
    found = {*plan.released, *plan.unsaid, *others}
    found |= set(named_external_ids(known.config or "")) if known else set()
    for record in (plan.state, known):
        found |= {*record.external_ids, record.external_id or ""} if record else set()
    return tuple(sorted(filter(None, found), key=len, reverse=True))
