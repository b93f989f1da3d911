"""Once a day: who answers for a grant is told that it expires in 14, 7 or 1 days."""

from datetime import datetime
from functools import partial

from latchkey.aws.event_bus import Event, EventBus
from latchkey.aws.expiring import ExpiringGrants
from latchkey.aws.notices_topic import NoticesTopic
from latchkey.domain.reminder import (
    FACT,
    ExpiryEvent,
    digests,
    expiry_event,
    named_today,
    window,
)
from latchkey.frozen import Frozen
from latchkey.side_by_side import side_by_side


class DigestSender(Frozen):
    """Sends an event for each grant that is named today, and one message to each owner.

    Nothing is remembered: who is named follows from the date. A run that is repeated on the same
    day sends the same again.
    """

    grants: ExpiringGrants
    bus: EventBus
    topic: NoticesTopic

    def send(self, now: datetime) -> tuple[ExpiryEvent, ...]:
        """Send what there is to say at a time, if anything; answers the events."""
        named = named_today(self.grants.between(*window(now)), now)
        owners = self.grants.owners([grant.id for grant in named])
        events = tuple(expiry_event(grant, owners.get(grant.id), now) for grant in named)
        told = [Event(FACT, event.document()) for event in events]
        messages = [partial(self.topic.publish, notice) for notice in digests(events)]
        side_by_side(partial(self.bus.put, told), *messages)
        return events
