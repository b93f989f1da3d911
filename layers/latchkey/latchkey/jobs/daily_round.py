"""The daily round: every live grant is looked at again once a day, at a time of its own.

So what nobody tells of is found, too: a resource that is gone or has another key, a key policy that
was closed. The turns are spread over the day by the grants' names.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256

from latchkey.aws.grants_by_expiry import LiveGrant
from latchkey.aws.round_cursor import RoundCursor
from latchkey.aws.workflow import Workflow
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.keys import grant_run

DAY = 86_400
MOST_AT_ONCE = 7_200
"""Seconds of the day whose grants one check starts: after an outage the round catches up slowly."""

PACE = 3
"""Seconds between the starts of two looks, four calls of IAM each."""

LONGEST_WAIT = 3_600
"""Seconds that the reconcile workflow waits at most before a look."""

REASON = "the daily round: whether what it names is as it was"


class DailyRound(Frozen):
    """Starts the looks whose turn it is."""

    cursor: RoundCursor
    workflow: Workflow

    def start(self, grants: Iterable[LiveGrant], now: datetime) -> tuple[str, ...]:
        """Start a look at each grant whose turn came since the last call; answers those started.

        What a check missed that failed, the next ones do; a look that was started is not started
        again. A grant's turn comes once a day, whatever the times between two calls are. The first
        call starts nothing: the round begins with it.

        Raises
        ------
        LatchkeyError
            Where AWS does not answer; the next call starts the rest.
        """
        at = int(now.timestamp())
        since = self.cursor.read()
        since = at if since is None else min(since, at)
        until = min(at, since + MOST_AT_ONCE)
        turns = sorted(_turns((grant.id for grant in grants), since, until))
        started = tuple(
            name
            for number, (turn, name) in enumerate(turns)
            if self._start(name, turn, delay(number))
        )
        self.cursor.write(until)
        return started

    def _start(self, name: str, turn: int, wait: int) -> bool:
        grant = GrantId.parse(name)
        assert grant  # it is one of a live grant
        order = {"action": "check", "by": "drift", "reason": REASON, **grant.document()}
        day = f"{datetime.fromtimestamp(turn, UTC):%Y%m%d}"
        return self.workflow.start(grant_run("round", grant, day), {**order, **wait_of(wait)})


def delay(number: int) -> int:
    """The seconds that one of several looks waits, by its number."""
    return min(number * PACE, LONGEST_WAIT)


def wait_of(seconds: int) -> dict[str, int]:
    """What the reconcile workflow's input says of the wait before a look."""
    return {"after_seconds": seconds} if seconds else {}


def turn_of(grant: GrantId, since: int) -> int:
    """The first turn of a grant after a time, in seconds."""
    second = int.from_bytes(sha256(str(grant).encode()).digest()[:4]) % DAY
    return since + 1 + (second - since - 1) % DAY


def _turns(grants: Iterable[GrantId], since: int, until: int) -> Iterator[tuple[int, str]]:
    for grant in grants:
        if (turn := turn_of(grant, since)) <= until:
            yield turn, str(grant)
