"""What CloudTrail tells of resources: the live grants on them are looked at again at once."""

from hashlib import sha256
from itertools import islice
from typing import Any

from latchkey.aws.access_history import AccessHistory
from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.workflow import Workflow
from latchkey.frozen import Frozen
from latchkey.history.resource_call import ResourceCall
from latchkey.jobs.daily_round import delay, wait_of
from latchkey.keys import grant_run


class ResourceWatch(Frozen):
    """Starts looks; `limit` bounds how many for one event. The daily round has the others."""

    grants: LiveGrants
    access: AccessHistory
    workflow: Workflow
    limit: int

    def heard(self, detail: Any) -> tuple[str, ...]:
        """Start a look at each live grant on what was changed; answers those that were started.

        An event that comes twice starts nothing twice. Only where a grant was ever given on it, the
        index of live grants is read: what has ended is left alone.
        """
        call = ResourceCall.from_detail(detail)
        if call is None:
            return ()
        ever = {grant for one in call.about for grant in self.access.grants_on(one)}
        if not ever:
            return ()
        live = sorted(str(one.id) for one in self.grants.all() if one.id in ever)
        named = {str(grant): grant for grant in ever}
        once = sha256(call.event_id.encode()).hexdigest()[:16]
        order = {"action": "check", "by": "drift", "reason": call.description}
        return tuple(
            name
            for number, name in enumerate(islice(live, self.limit))
            if self.workflow.start(
                grant_run("world", named[name], once),
                {**order, **named[name].document(), **wait_of(delay(number))},
            )
        )
