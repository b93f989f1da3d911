"""Registers for tests: of as many grants as are wanted, with as hostile texts as are wanted."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from latchkey.reports.redaction import Redactor
from latchkey.reports.register.document import Document, document_of
from latchkey.reports.register.entry import RegisterEntry, entry_of
from latchkey.reports.register.history import EVENTS, history_line
from latchkey.times import instant
from tests.kit.examples import config_document

SERVICES = ("s3", "secretsmanager", "sqs")

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><img src=x onerror=alert(2)>",
    "\"'`&lt;&amp;{{data}}{{script}}",
    "line\u2028separator\u2029paragraph",
    "\u202egnirts desrever\u202c",
    "\u2066isolate \x00\x1b[31m bell\x07",
    "javascript:alert(3)//",
    "lone \ud800 surrogate",
    "long " + "w" * 995,
)


def state(number: int = 0, now: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """A STATE item, as the table holds it."""
    now = now or datetime.now(UTC)
    partner, grant = f"partner-{number // 4:03}", f"grant-{number % 4}"
    service = SERVICES[number % 40 % len(SERVICES)]
    field = {"s3": "bucket", "secretsmanager": "secret", "sqs": "queue"}[service]
    row = {"service": service, field: f"resource-{number % 40}", "allow": "read"}
    config = config_document(
        partner=partner, grant=grant, access=[row, row | {field: f"own-{number}"}]
    )
    return {
        "pk": f"GRANT#{partner}.{grant}",
        "sk": "STATE",
        "partner": partner,
        "grant": grant,
        "status": "active",
        "reason": "the config asks for it",
        "role_arn": f"arn:aws:iam::123456789012:role/partners/partner-{partner}.{grant}",
        "expires_at": instant(now + timedelta(days=1 + number)),
        "config_key": f"partners/{partner}/{grant}.json",
        "updated_at": instant(now - timedelta(days=30)),
        "config": json.dumps(config),
        **changes,
    }


def event(now: datetime, name: str = "AccessGranted", **more: Any) -> dict[str, Any]:
    """An EVENT item."""
    stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    told = {"reason": "the config asks for it", "recorded_at": stamp, "changes": []}
    return {"pk": "GRANT#x.y", "sk": f"EVENT#{stamp}#run", "event": name, **told, **more}


def crowd(grants: int, now: datetime, events: int = 6) -> Document:
    """A register of many grants, each with some history."""
    changes = [{"action": "CreateRole"}, {"action": "PutRolePolicy"}]
    told = [event(now - timedelta(days=n), "AccessUpdated", changes=changes) for n in range(events)]
    return document_of("latchkey", (_entry(n, now, told) for n in range(grants)), now)


def hostile(now: datetime) -> Document:
    """A register whose every text is somebody's attempt at the page."""
    entries = []
    for number, text in enumerate(HOSTILE):
        config = json.loads(state(number, now)["config"])
        config |= {"purpose": text, "owner": text, "principals": [text]}
        odd = {"service": text, "bucket": text, "allow": text}
        config["access"] = [odd, {"service": "s3", "bucket": text, "prefix": text, "allow": "read"}]
        item = state(number, now, config=json.dumps(config), reason=text, config_key=text)
        item["findings"] = [{"path": "", "message": text}]
        told = event(now, text, reason=text, drift=[text], requested_by=text)
        entries.append(entry_of(item, [history_line(told, Redactor([]))], Redactor([])))
    return document_of("latchkey", entries, now)


def _entry(number: int, now: datetime, told: list[dict[str, Any]]) -> RegisterEntry:
    redact = Redactor([])
    return entry_of(
        state(number, now), [history_line(item, redact) for item in told[:EVENTS]], redact
    )


def data_in(page: str) -> Document:
    """The data that a page holds, as a browser would find them."""
    (block,) = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL
    )
    found: Document = json.loads(block)
    return found
