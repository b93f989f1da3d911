"""Building the register from the grant table, and putting it where people read it."""

from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from latchkey.aws.config_versions import ConfigVersions
from latchkey.aws.grant_history import GrantHistory
from latchkey.aws.grants_by_expiry import LiveGrants, TroubledFile
from latchkey.aws.register_files import LastRegister, RegisterFiles
from latchkey.aws.table import Item
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.record import GrantRecord
from latchkey.reports.redaction import Redactor, external_ids
from latchkey.reports.register.document import Document, document_of, entries_in, of_accounts
from latchkey.reports.register.entry import RegisterEntry, entry_of
from latchkey.reports.register.history import EVENTS, HistoryLine, history_line, redacted_line
from latchkey.reports.register.page import PageParts, data_block, render
from latchkey.reports.register.plain_text import shown

THREADS = 8
"""Histories that are read at once; the client's pool has ten connections."""


class RegisterPublisher(Frozen):
    """Makes the register and writes it; `stack` is whose register it is.

    The table has no list of all grants. The index has those that are live, and the register
    before this one those that ended. All their states are read each time, a hundred a call; the
    history is read of those whose state is another than the last register knew, and of those that
    are said to have changed. So a lost or doubled notice does no harm.
    """

    grants: LiveGrants
    history: GrantHistory
    versions: ConfigVersions
    files: RegisterFiles
    parts: PageParts
    stack: str

    def build(self, now: datetime, accounts: Collection[str] = ()) -> str:
        """The page as HTML, of all that is known at a time; writes nothing.

        `accounts` are those whose grants are wanted; all if none is named.
        """
        document, _ = self._built(now, self.files.read(), None)
        return render(self.parts, of_accounts(document, accounts) if accounts else document)

    def publish(self, now: datetime, changed: Iterable[GrantId] | None = None) -> str:
        """Write the register and answer the page's key in the results bucket.

        `changed` are the grants that somebody said have changed; without it every history is read
        anew.

        Raises
        ------
        PlanStale
            When another build went ahead of this one; the next reads what it wrote.
        """
        before = self.files.read()
        document, hidden = self._built(now, before, None if changed is None else set(changed))
        page = render(self.parts, document)
        return self.files.write(data_block(document), page, hidden, before)

    def _built(
        self, now: datetime, before: LastRegister, changed: set[GrantId] | None
    ) -> tuple[Document, frozenset[str]]:
        """The data, and the external IDs that are kept out of them."""
        known = entries_in(before.data)
        named = {GrantId(entry["partner"], entry["grant"]) for entry in known.values()}
        live = {grant.id: grant.account for grant in self.grants.all()}
        states = self._states(sorted({*live} | named | (changed or set())))
        noted = self.grants.last_used()
        stale = [
            grant
            for grant, state in states.items()
            if changed is None or grant in changed or _differs(state, known.get(str(grant)))
        ]
        events = self._histories(stale)
        read = (*states.values(), *(event for found in events.values() for event in found))
        hidden = before.external_ids | {text for item in read for text in external_ids(item)}
        redact = Redactor(hidden)
        entries = [
            _entry(
                {**state, "last_used": _latest(state.get("last_used"), noted.get(grant))},
                events.get(grant),
                known.get(str(grant)),
                redact,
            )
            for grant, state in states.items()
        ]
        files = (_file(file, redact) for file in self.grants.troubled())
        elsewhere = {account for account in live.values() if account}
        return document_of(self.stack, entries, now, files, elsewhere), hidden

    def _states(self, grants: Iterable[GrantId]) -> dict[GrantId, Item]:
        """The states, with the configs that they only refer to."""
        states = self.history.states(grants)
        with ThreadPoolExecutor(THREADS) as pool:
            return dict(zip(states, pool.map(self._shown, states.values()), strict=True))

    def _shown(self, state: Item) -> Item:
        if state.get("config_key") or not state.get("config_object"):
            return state
        record = GrantRecord.from_document(state).at_rest()
        return {**state, "config": self.versions.shown(record).config}

    def _histories(self, grants: list[GrantId]) -> dict[GrantId, list[Item]]:
        with ThreadPoolExecutor(THREADS) as pool:
            found = pool.map(lambda grant: self.history.newest(grant, EVENTS), grants)
            return dict(zip(grants, found, strict=True))


def _file(file: TroubledFile, redact: Redactor) -> dict[str, str]:
    """A file whose newest version was not granted; `latchkey result` says why."""
    grant = str(file.grant) if file.grant else ""
    return {"file": shown(redact(file.key)), "grant": grant, "at": f"{file.at[:19]}Z"}


def _differs(state: Item, known: RegisterEntry | None) -> bool:
    """Whether the grant was recorded since; its use alone is no event of its history."""
    return known is None or (known["updated_at"], known["status"]) != (
        state.get("updated_at", ""),
        state.get("status"),
    )


def _latest(*times: str | None) -> str | None:
    return max(filter(None, times), default=None)


def _entry(
    state: Item, events: list[Item] | None, known: RegisterEntry | None, redact: Redactor
) -> RegisterEntry:
    lines: list[HistoryLine]
    if events is not None:
        lines = [history_line(event, redact) for event in events]
    else:
        lines = [redacted_line(each, redact) for each in (known or {}).get("history", [])]
    return entry_of(state, lines, redact, known)
