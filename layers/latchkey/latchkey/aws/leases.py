"""Leases: one run per grant at a time."""

import json
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.aws.grants_by_expiry import BEGUN
from latchkey.aws.table import Item, Table, serialized
from latchkey.errors import GrantBusy, InvalidDocument, LeaseLost
from latchkey.grant_id import GrantId
from latchkey.grants.intent import Intent
from latchkey.grants.plan import GrantPlan
from latchkey.keys import LEASE, lease_partition
from latchkey.newer_python import replace
from latchkey.times import instant, stamp

DURATION = timedelta(minutes=3)
"""How long a run keeps a grant without renewing: longer than any function's timeout."""

IntentLog = tuple[Intent, ...]
"""What runs intended and did not record yet, in the order of their times. It stays on the lease
until a run has recorded it, so that the next run sees what may have been done."""


class Leases:
    """A lease is an item in a partition of its own, with its owner and its end.

    So those that write leases need not be able to write what is on record of grants.

    It also holds the intent log (`grants.intent`), an entry for each attempt, and the newest one's
    config once beside them. As long as there is an entry, the index by expiry has the lease under
    `BEGUN`, with the end of the lease of the run that wrote it: whoever sweeps finds what a run
    left behind that died, whether there is a record or not.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def acquire(self, grant: GrantId, owner: str, now: datetime) -> IntentLog:
        """Take the grant's lease, or prolong it when `owner` has it already.

        Answers what earlier runs, or attempts, intended and did not record.

        Raises
        ------
        GrantBusy
            When another owner's lease has not expired.
        """
        free = "attribute_not_exists(lease_owner) OR lease_owner = :me OR lease_until < :now"
        taken = f"{_TAKE}, intents = if_not_exists(intents, :none)"
        lease = self._update(grant, taken, {**_taken(owner, now), ":none": {}}, free)
        if lease is None:
            raise GrantBusy(f"another run is at work on {grant}")
        return _log(lease)

    def begin(
        self, grant: GrantId, owner: str, now: datetime, plan: GrantPlan
    ) -> list[dict[str, Any]]:
        """Prolong a lease that this owner must still have, and note what is about to be done.

        Answers the changes of earlier runs, or attempts, that are not recorded, as JSON data. Where
        more of them died than an item has room for, only this one is noted (DynamoDB quotas: an
        item has 400 KB), before there is no room for the name of the next run.

        Raises
        ------
        LeaseLost
            When the lease has expired, or is another's by now.
        """
        mine = "lease_owner = :me AND lease_until >= :now"
        attempt = f"{owner} {stamp(now)}"
        config, text = _split(Intent(owner, stamp(now), plan))
        values = {
            **_taken(owner, now),
            ":begun": BEGUN,
            ":partner": grant.partner,
            ":grant": grant.grant,
            ":config": config,
        }
        noted = (
            f"{_TAKE}, begun_config = :config, live = :begun, expires_at = :until, "
            "partner = :partner, #grant = :grant"
        )
        names = {"#grant": "grant"}
        alone = (f"{noted}, intents = :intents", {**values, ":intents": {attempt: text}})
        try:
            lease = self._update(
                grant,
                f"{noted}, intents.#attempt = :intent",
                {**values, ":intent": text},
                mine,
                {**names, "#attempt": attempt},
            )
        except InvalidDocument:
            lease = self._update(grant, *alone, mine, names)
        else:
            if lease is not None and _full(lease):
                self._update(grant, *alone, mine, names)
        if lease is None:
            raise LeaseLost(f"the lease of {grant} expired; another run may have taken over")
        earlier = {name: one for name, one in lease["intents"].items() if name != attempt}
        log = _log({**lease, "intents": earlier})
        return [change for intent in log for change in intent.changes]

    def unrecorded(self, grant: GrantId) -> IntentLog:
        """What runs intended and did not record yet, whoever has the lease."""
        return _log(self._table.get(lease_partition(grant), LEASE) or {})

    def release(self, grant: GrantId, owner: str) -> None:
        """Give the lease back, if it is still this owner's; what is not recorded is kept."""
        with translated(f"release {grant}"):
            try:
                self._table.client.delete_item(
                    TableName=self._table.name,
                    Key=serialized({"pk": lease_partition(grant), "sk": LEASE}),
                    ConditionExpression="lease_owner = :me AND attribute_not_exists(live)",
                    ExpressionAttributeValues=serialized({":me": owner}),
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise
                self.abandon(grant, owner)

    def abandon(self, grant: GrantId, owner: str) -> None:
        """Give the lease back, if it is this owner's, and keep its intent log."""
        mine = "lease_owner = :me"
        expression = "REMOVE lease_owner"
        self._table.update(lease_partition(grant), LEASE, expression, {":me": owner}, mine)

    def _update(
        self,
        grant: GrantId,
        expression: str,
        values: Item,
        condition: str,
        names: dict[str, str] | None = None,
    ) -> Item | None:
        pk = lease_partition(grant)
        return self._table.update(pk, LEASE, f"SET {expression}", values, condition, names)


_ROOM = 150_000
"""Bytes of the intent log of a lease. One entry has fewer; several are as many as ever died."""

_TAKE = "lease_owner = :me, lease_until = :until"


def _taken(owner: str, now: datetime) -> Item:
    return {":me": owner, ":now": instant(now), ":until": instant(now + DURATION)}


def _full(lease: Item) -> bool:
    intents = lease["intents"].values()
    return len(intents) > 1 and sum(len(text.encode()) for text in intents) > _ROOM


def _split(intent: Intent) -> tuple[str, str]:
    """The config of an intent's record, as far as the table may hold it, and the rest, as texts."""
    plan = replace(intent.plan, before=None, begun=(), follow_up=())
    config = plan.state.at_rest().config if plan.state else None
    bare = replace(plan, state=replace(plan.state, config=None)) if plan.state else plan
    text = json.dumps(replace(intent, plan=bare).document(), ensure_ascii=False)
    return config or "", text


def _log(lease: Item) -> IntentLog:
    """The entries in the order of their times; the config is the newest one's."""
    found = (Intent.from_document(json.loads(text)) for text in lease.get("intents", {}).values())
    log = sorted(found, key=lambda intent: intent.at)
    config = lease.get("begun_config") or None
    if log and config and (state := log[-1].plan.state):
        plan = replace(log[-1].plan, state=replace(state, config=config))
        log[-1] = replace(log[-1], plan=plan)
    return tuple(log)
