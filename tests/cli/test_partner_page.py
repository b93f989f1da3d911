"""`latchkey partner-page`: a page about one partner that can be given to an auditor."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from latchkey.grant_id import GrantId
from latchkey.keys import EVENT, grant_partition
from tests.cli.desk import Desk
from tests.kit.examples import config_document
from tests.kit.stack.aws import TABLE, aws

HOSTILE = '<script>alert(1)</script>{{x}} `code` & "quotes"'
EXTERNAL_IDS = ("acme-7f3b2c91", "acme-reports-77")


@pytest.fixture
def partner(desk: Desk) -> Desk:
    """Two grants of acme, one of which has ended, and one of globex."""
    files: tuple[dict[str, Any], ...] = (
        {"purpose": f"Exports {HOSTILE}", "source_ips": ["203.0.113.0/24"]},
        {"grant": "reports", "external_id": EXTERNAL_IDS[1], "purpose": "Reports"},
        {"partner": "globex", "external_id": "globex-7f3b2c91", "purpose": "Not acme's"},
    )
    for number, changes in enumerate(files):
        path = desk.folder / f"{number}.json"
        path.write_text(json.dumps(config_document(**changes)), encoding="utf-8")
        desk.ok("apply", str(path), "--yes")
    reason = f"over, says {EXTERNAL_IDS[0]} {HOSTILE}"
    desk.ok("suspend", "acme.reports", "--reason", "incident 1234")
    desk.ok("resume", "acme.reports", "--reason", "incident 1234 is over", "--yes")
    desk.ok("revoke", "acme.reports", "--reason", reason, "--yes")
    return desk


def _page(desk: Desk, partner: str = "acme") -> str:
    path = desk.folder / "page.html"
    desk.ok("partner-page", partner, "-o", str(path))
    return path.read_text(encoding="utf-8")


def _text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", re.split("<body[^>]*>", page)[1])).split())


def test_page_says_who_may_do_what_until_when_and_why(partner: Desk) -> None:
    text = _text(_page(partner))
    assert "in the AWS account 123456789012" in text
    assert "acme.main: active" in text
    assert "from 203.0.113.0/24" in text
    assert "any principal of account 444455556666" in text
    assert "its external ID" in text
    assert re.search(r"S3 data-bucket/in/ list, read, put, delete", text), text
    before, _, past = text.partition("What it could ever do")
    assert "acme.reports: " not in before, "it has ended"
    assert "AccessRevoked: " in past
    for what in ("AccessGranted", "AccessSuspended", "incident 1234 is over", "order revoke"):
        assert what in past.partition("History")[2]
    assert "globex" not in text


def test_each_history_is_told_with_the_state_of_its_chain(partner: Desk) -> None:
    text = _text(_page(partner))
    found = re.findall(r"(\d+) entries in its chain, the last with the digest (\w{64})", text)
    heads = [
        aws("dynamodb").get_item(
            TableName=TABLE,
            Key={"pk": {"S": grant_partition(GrantId("acme", grant))}, "sk": {"S": "CHAIN"}},
        )["Item"]
        for grant in ("main", "reports")
    ]
    assert found == [(head["number"]["N"], head["last_digest"]["S"]) for head in heads]


def test_broken_history_is_told_first(partner: Desk) -> None:
    table = aws("dynamodb")
    pk = {"S": grant_partition(GrantId("acme", "main"))}
    items = table.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :event)",
        ExpressionAttributeValues={":pk": pk, ":event": {"S": EVENT}},
    )["Items"]
    table.put_item(TableName=TABLE, Item={**items[0], "reason": {"S": "another"}})
    path = partner.folder / "page.html"
    found = partner("partner-page", "acme", "-o", str(path))
    assert found.exit_code == 1
    assert "was changed" in found.stderr
    text = _text(path.read_text(encoding="utf-8"))
    assert text.startswith("Access of acme Not as it was written: the history of acme.main.")
    assert "The history is not as it was written: acme.main: EVENT#" in text


def test_state_that_is_gone_is_told(partner: Desk) -> None:
    key = {"pk": {"S": grant_partition(GrantId("acme", "reports"))}, "sk": {"S": "STATE"}}
    aws("dynamodb").delete_item(TableName=TABLE, Key=key)
    path = partner.folder / "page.html"
    assert partner("partner-page", "acme", "-o", str(path)).exit_code == 1
    assert "acme.reports" in path.read_text(encoding="utf-8")


def test_nothing_in_the_page_acts_and_no_external_id_is_in_it(partner: Desk) -> None:
    page = _page(partner)
    assert "Content-Security-Policy" in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not [one for one in EXTERNAL_IDS if one in page]
    assert "@media print" in page
    assert not re.search(r"(?:src|href)=|url\(", page)


def test_partner_that_never_had_a_grant(partner: Desk, tmp_path: Path) -> None:
    path = tmp_path / "none.html"
    found = partner("partner-page", "acmee", "-o", str(path))
    assert found.exit_code == 1
    assert "acmee never had a grant; did you mean acme?" in found.stderr
    assert not path.exists()
    assert partner("partner-page", "acme.main", "-o", str(path)).exit_code == 2
