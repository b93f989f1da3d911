"""Changes of the guardrails are told to those who approve, with what is allowed more than before.

Who may change the guardrails can pass everybody by who approves (docs/approvals.md), so that these
hear of it. Where no rules ask for approvals, and none did, nobody is told and nothing is called.
"""

from collections.abc import Iterable, Iterator

from latchkey.aws.event_bus import BusEvent, EventBus
from latchkey.aws.guardrails import GuardrailsParameter, GuardrailsVersion
from latchkey.aws.notices_topic import NoticesTopic
from latchkey.aws.round_cursor import RoundCursor, SeenGuardrails
from latchkey.config.guardrails import Guardrails, GuardrailsInvalid, read_guardrails
from latchkey.config.loosening import loosened
from latchkey.errors import GuardrailsUnreadable, PermanentError
from latchkey.frozen import Frozen
from latchkey.reports.guardrails_notice import (
    FACT,
    GuardrailsEvent,
    Kind,
    first_told,
    guardrails_notice,
    reason_of,
)

_NONE = ""
"""The version of guardrails that are gone."""


class GuardrailsWatch(Frozen):
    """Reads the guardrails; tells approvers of each version once, and again where that failed."""

    parameter: GuardrailsParameter
    bus: EventBus
    topic: NoticesTopic

    def read(self, cursor: RoundCursor) -> tuple[Guardrails, str]:
        """The guardrails and the digest of their document, once approvers know what is new.

        Raises
        ------
        GuardrailsUnreadable
            When there are none, or they are not valid; approvers were told of that, too.
        """
        before = cursor.guardrails
        try:
            newest = self.parameter.newest()
        except GuardrailsUnreadable:
            self._gone(before, cursor)
            raise
        if before is None or before.version != newest.name:
            self._changed(before, newest, cursor)
        return self.parameter.rules_of(newest), newest.digest

    def _gone(self, before: SeenGuardrails | None, cursor: RoundCursor) -> None:
        old = _rules_in(before.text) if before else None
        if before and before.version != _NONE and _approvers_in(old):
            self._tell([self._event("deleted", None, _approvers_in(old))])
            cursor.keep(SeenGuardrails(before.text, _NONE))

    def _changed(
        self, before: SeenGuardrails | None, newest: GuardrailsVersion, cursor: RoundCursor
    ) -> None:
        """Tell of all versions since the one before, whichever of them is in force by now."""
        text, events = before.text if before else newest.text, []
        old, new = _rules_in(text), _rules_in(newest.text)
        if (before and old is None) or _approvers_in(old) or _approvers_in(new):
            between, unknown = self._since(before, newest)
            unknown |= before is not None and old is None
            events = [*self._events(old if before else None, between, unknown=unknown)]
            text = next((one.text for one in reversed(between) if _rules_in(one.text)), text)
        elif new:
            text = newest.text
        seen = SeenGuardrails(text, newest.name)
        if events:
            self._tell(events)
            cursor.keep(seen)
        elif new:
            cursor.note(seen)

    def _since(
        self, before: SeenGuardrails | None, newest: GuardrailsVersion
    ) -> tuple[list[GuardrailsVersion], bool]:
        """The versions after the one before, and whether there were any that nobody can read.

        After a parameter was deleted and made anew, or changed more often than versions are kept,
        the one before is not among them.
        """
        try:
            versions = [*self.parameter.versions()]
        except PermanentError:
            versions = []
        names = [one.name for one in versions]
        if newest.name not in names:
            versions.append(newest)
        if before is None:
            return versions[-1:], newest.number > 1
        if before.version in names:
            return versions[names.index(before.version) + 1 :], False
        return versions, True

    def _events(
        self, old: Guardrails | None, versions: Iterable[GuardrailsVersion], *, unknown: bool
    ) -> Iterator[GuardrailsEvent]:
        """What there is to say of each version, held against the valid one before it."""
        for version in versions:
            new = _rules_in(version.text)
            groups = _approvers_in(old) | _approvers_in(new)
            if new is None:
                if groups:
                    yield self._event("invalid", version, groups)
                continue
            lines = loosened(old, new) if old else ()
            if groups and (lines or unknown):
                yield self._event("unknown" if unknown else "loosened", version, groups, lines)
                unknown = False
            old = new

    def _event(
        self,
        kind: Kind,
        version: GuardrailsVersion | None,
        groups: set[str],
        lines: tuple[str, ...] = (),
    ) -> GuardrailsEvent:
        return GuardrailsEvent(
            version=1,
            kind=kind,
            parameter=self.parameter.name,
            parameter_version=version.number if version else None,
            written_at=version.written_at if version else None,
            changed_by=version.by if version else None,
            loosened=first_told(lines),
            reason=reason_of(kind),
            approvers=tuple(sorted(groups)),
        )

    def _tell(self, events: list[GuardrailsEvent]) -> None:
        self.bus.put([BusEvent(FACT, event.document()) for event in events])
        for event in events:
            self.topic.publish(guardrails_notice(event))


def _rules_in(text: str) -> Guardrails | None:
    try:
        return read_guardrails(text)
    except GuardrailsInvalid:
        return None


def _approvers_in(rules: Guardrails | None) -> set[str]:
    """The groups of those who approve."""
    return set(rules.approval.groups) if rules and rules.approval else set()
