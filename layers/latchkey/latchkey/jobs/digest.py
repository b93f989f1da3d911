"""The daily digest: reminds owners of grants that expire in 14, 7 or 1 days."""

from datetime import datetime
from functools import partial

from latchkey.aws.event_bus import BusEvent, EventBus
from latchkey.aws.grant_history import GrantHistory
from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.notices_topic import NoticesTopic
from latchkey.aws.table import Item
from latchkey.concurrency import concurrently
from latchkey.frozen import Frozen
from latchkey.grants.record import named_in
from latchkey.reports.links import Links
from latchkey.reports.reminder import (
    FACT,
    Expiring,
    ExpiryEvent,
    digests,
    expiry_event,
    named_today,
    window,
)


class DigestSender(Frozen):
    """Sends an event for each grant that is named today, and one message to each owner.

    Nothing is remembered: who is named follows from the date. A run that is repeated on the same
    day sends the same again.
    """

    grants: LiveGrants
    history: GrantHistory
    bus: EventBus
    topic: NoticesTopic
    links: Links

    def send(self, now: datetime) -> tuple[ExpiryEvent, ...]:
        """Send what there is to say at a time, if anything; answers the events."""
        soon = (
            Expiring(grant.id, grant.expires_at, grant.status or "active")
            for grant in self.grants.between(*window(now))
        )
        named = named_today(soon, now)
        states = self.history.states([grant.id for grant in named])
        events = tuple(
            expiry_event(grant, told["owner"], now, told["owner_contact"], _confirmed(state))
            for grant in named
            for state in [states.get(grant.id, {})]
            for told in [_told(state)]
        )
        entries = [BusEvent(FACT, event.document()) for event in events]
        files = {grant.id: self._file(states.get(grant.id, {})) for grant in named}
        notices = digests(events, {grant: link for grant, link in files.items() if link})
        messages = [partial(self.topic.publish, notice) for notice in notices]
        concurrently(partial(self.bus.put, entries), *messages)
        return events

    def _file(self, state: Item) -> str | None:
        """The link to a grant's file; an inline grant has none."""
        bucket, key = state.get("config_bucket"), state.get("config_key")
        return self.links.to(bucket, key) if bucket and key else None


def _confirmed(state: Item) -> int | None:
    """How often somebody has to confirm the grant, if it has no fixed end."""
    days = state.get("confirm_every_days")
    return int(days) if days else None


def _told(state: Item) -> dict[str, str | None]:
    """The team that answers for a grant, and where it is reached.

    Records of earlier releases have both in the config only.
    """
    named = named_in(state.get("config"))
    return {name: state.get(name) or named[name] for name in ("owner", "owner_contact")}
