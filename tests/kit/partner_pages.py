"""What a page about a partner is made of, with one text in all places where anybody's may be."""

from latchkey.config.problem import Problem
from latchkey.grants.record import GrantRecord
from latchkey.history.chain_check import BrokenLink, Checked
from latchkey.reports.partner_page.contents import GrantHistory, PartnerAccess


def partner_about(text: str, broken: str | None = None) -> PartnerAccess:
    """A partner whose every text is the given one; `broken` is told of its history."""
    record = GrantRecord(
        "acme",
        "main",
        "active",
        text,
        role_arn=f"arn:aws:iam::123456789012:role/partners/{text[:20]}",
        external_id="secret-7f3b2c91",
        expires_at="2030-01-01T00:00:00Z",
        updated_at="2026-03-01T12:00:00Z",
        config_key=f"partners/{text}.json",
        findings=(Problem("/access/0", text),),
        owner=text,
        purpose=text,
    )
    config = {"principals": [text[:20]], "source_ips": [text], "external_id": "secret-7f3b2c91"}
    event = {
        "sk": f"EVENT#2026-03-01T12:00:00.000000Z#{text}",
        "event": text[:20],
        "reason": text,
        "by": text,
        "summary": [{"effect": "widens", "text": text}],
    }
    row = {
        "partner": "acme",
        "grant": "main",
        "principals": [text[:20]],
        "service": text[:20],
        "resource": text,
        "may": [text],
        "since": "2026-03-01T12:00:00Z",
        "until": "9999-12-31T23:59:59.999999Z",
        "ended": text,
        "since_known": False,
        "certain": False,
    }
    faults = (BrokenLink("STATE", "missing"),) if broken else ()
    checked = Checked(1, 2, "2026-03-01T12:00:00Z", faults)
    grant = GrantHistory(record, config, (event,), checked, broken, "ab" * 32)
    now = "2026-04-01T00:00:00Z"
    place = ("123456789012", "eu-west-1", "latchkey", "1.2.3")
    return PartnerAccess("acme", (grant,), (row,), now, *place)
