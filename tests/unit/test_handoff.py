"""The hand-off sheet: what it says, that it is well-formed, and that nothing in it is markup."""

import ast
import json
import re
import shlex
from html.parser import HTMLParser
from itertools import batched
from typing import Any

import hcl2
import pytest
from markdown_it import MarkdownIt

from latchkey.grants.record import GrantRecord
from latchkey.reports.handoff import snippets
from latchkey.reports.handoff.contents import Handoff, handoff
from latchkey.reports.handoff.html import html
from latchkey.reports.handoff.markdown import markdown
from latchkey.services.registry import NAMES as SERVICES
from tests.kit.documented.access import CUSTOM_EXAMPLE, EXAMPLES, OF_RESOURCES
from tests.kit.examples import config_document, s3_entry

ROLE = "arn:aws:iam::123456789012:role/partners/partner-acme.main"
_ALL = [*({"service": name, **EXAMPLES[name]} for name in OF_RESOURCES), CUSTOM_EXAMPLE]
EVERYTHING = [list(part) for part in batched(_ALL, 20, strict=False)]
HOSTILE = "`|` </code><script>alert(1)</script> ``` **x** [y](z) & \"'"


def _record(status: Any = "active", **changes: Any) -> GrantRecord:
    return GrantRecord(
        "acme",
        "main",
        status,
        reason="incident 4711 at another partner",
        role_arn=ROLE,
        external_id="acme-7f3b2c91",
        expires_at="2030-01-01T00:00:00Z",
        updated_at="2026-03-01T12:00:00Z",
        config=json.dumps(config_document(**changes)),
    )


def _sheet(status: Any = "active", **changes: Any) -> Handoff:
    made = handoff(_record(status, **changes), "eu-west-1")
    assert made is not None
    return made


class _Page(HTMLParser):
    """The elements of a page, with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == [], "every element that begins ends"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("write", [markdown, html])
def test_sheet_has_all_that_a_partner_needs(write: Any) -> None:
    text = write(_sheet(max_session_duration=7200, source_ips=["203.0.113.0/24"]))
    for told in (
        ROLE,
        "acme-7f3b2c91",
        "444455556666",
        "203.0.113.0/24",
        "2030-01-01T00:00:00Z",
        "up to 7200 s",
        "eu-west-1",
        "bucket data-bucket, folder in/",
        "list, read, put, delete",
    ):
        assert told in text


@pytest.mark.parametrize(
    ("phase", "accepted", "named"),
    [
        ("active", ["acme-2", "acme-1"], ["acme-2", "acme-1"]),
        ("suspended", ["acme-1"], ["acme-1"]),  # the file has one more that the role has not yet
        ("revoked", [], ["acme-2", "acme-1"]),
    ],
)
def test_sheet_names_each_external_id_and_sends_the_first(
    phase: str, accepted: list[str], named: list[str]
) -> None:
    record = vars(_record(phase, external_id=["acme-2", "acme-1"]))
    given = {"external_id": "acme-2", "external_ids": tuple(accepted)}
    sheet = handoff(GrantRecord(**{**record, **given}), "eu-west-1")
    assert sheet is not None
    assert [*sheet.external_ids] == named
    assert f"| external ID | `{named[0]}` |" in markdown(sheet)
    assert [f"| also accepted | `{one}` |" in markdown(sheet) for one in named[1:]] == [
        True for _ in named[1:]
    ]
    assert f"external_id = {named[0]}" in snippets.profile(sheet)


def test_sheet_says_what_a_result_says_is_allowed() -> None:
    rows = [
        {"service": "s3", "resource": "bucket b", "may": ["list", "read"], "conditions": ["TLS"]}
    ]
    made = handoff(_record(), "eu-west-1", {"allows": rows})
    assert made is not None
    assert "| `s3` | bucket b | list, read | TLS |" in markdown(made)


@pytest.mark.parametrize("write", [markdown, html])
def test_suspended_sheet_says_so_before_anything_else_and_keeps_the_rest(write: Any) -> None:
    text = write(_sheet("suspended"))
    assert "suspended since 2026-03-01T12:00:00Z" in text
    assert text.index("suspended since") < text.index(ROLE)
    assert "[profile acme-main]" in text


@pytest.mark.parametrize(
    ("status", "since"), [("revoked", "2026-03-01T12:00:00Z"), ("expired", "2030-01-01T00:00:00Z")]
)
@pytest.mark.parametrize("write", [markdown, html])
def test_sheet_of_ended_access_says_so_first_and_has_nothing_to_paste(
    write: Any, status: str, since: str
) -> None:
    text = write(_sheet(status))
    assert f"ended at {since}" in text
    assert text.index("ended at") < text.index(ROLE)
    assert "[profile" not in text
    assert "import boto3" not in text


@pytest.mark.parametrize("status", ["active", "suspended", "revoked"])
@pytest.mark.parametrize("write", [markdown, html])
def test_reason_of_an_order_is_not_the_partners(write: Any, status: str) -> None:
    assert "incident" not in write(_sheet(status))


@pytest.mark.parametrize("status", ["failed", "rejected"])
def test_there_is_no_sheet_of_what_was_not_granted(status: Any) -> None:
    assert handoff(_record(status), "eu-west-1") is None


@pytest.mark.parametrize("config", [None, "{", "[]", "{}"])
def test_there_is_no_sheet_where_the_config_cannot_be_read(config: str | None) -> None:
    record = GrantRecord("acme", "main", "active", role_arn=ROLE, config=config)
    assert handoff(record, "eu-west-1") is None


@pytest.mark.parametrize("access", EVERYTHING, ids=len)
def test_page_is_well_formed_and_loads_and_runs_nothing(access: Any) -> None:
    page = _Page(html(_sheet(access=access, purpose=HOSTILE, owner=HOSTILE)))
    names = {name for name, _ in page.elements}
    assert not names & {"script", "link", "img", "iframe", "a", "form", "object"}
    attributes = {name for _, given in page.elements for name in given}
    assert attributes <= {"lang", "charset", "name", "content", "http-equiv", "class", "data-label"}
    assert "url(" not in html(_sheet()), "no style loads anything"
    assert HOSTILE in page.text


@pytest.mark.parametrize("access", EVERYTHING, ids=len)
def test_markdown_takes_nothing_of_a_config_for_markup(access: Any) -> None:
    text = markdown(_sheet(access=access, purpose=HOSTILE, owner=HOSTILE))
    rendered = MarkdownIt("commonmark").enable("table").render(text)
    assert "<script>" not in rendered
    assert "<strong>x" not in rendered
    assert "<a " not in rendered
    assert rendered.count("<table>") == 5
    assert HOSTILE in _Page(rendered).text


def test_every_service_has_a_call_to_try_it_by() -> None:
    sheets = [_sheet(access=access) for access in EVERYTHING]
    # the whole account, metrics (in a test of their own), whose requests only its owner knows
    without = {"account", "cloudwatch", "execute-api"}
    tried = {one.client for grant in sheets for one in grant.tries}
    assert len(tried) == len(EXAMPLES.keys() - without)
    shown = {row.service for grant in sheets for row in grant.allows}
    assert shown >= set(SERVICES) - {"custom", *without} | {"execute-api"}


def test_calls_that_leave_something_behind_are_reported() -> None:
    text = "".join(markdown(_sheet(access=access)) for access in EVERYTHING)
    assert "# leaves a test message to all subscribers:\naws --profile acme-main sns" in text
    assert "# leaves a test event on the bus:\nsession.client(" in text


def test_drop_box_is_tried_by_what_it_allows() -> None:
    grant = _sheet(access=[s3_entry(prefix="o'neil & co", allow="write")])
    *_, last = shlex.split(snippets.commands(grant).splitlines()[-1].split(" --query")[0])
    assert last == "o'neil & co/latchkey-test"
    compiled = ast.parse(snippets.boto3(grant))
    assert "o'neil & co/latchkey-test" in {
        node.value for node in ast.walk(compiled) if isinstance(node, ast.Constant)
    }


@pytest.mark.parametrize("external_id", ["acme-7f3b2c91", None])
def test_terraform_block_is_hcl_that_assumes_the_role(external_id: str | None) -> None:
    record = GrantRecord(**{**vars(_record()), "external_id": external_id})
    grant = handoff(record, "eu-west-1")
    assert grant is not None
    read: Any = hcl2.loads(snippets.terraform(grant))
    (block,) = read["provider"]
    (role,) = block['"aws"']["assume_role"]
    assert role["role_arn"] == f'"{ROLE}"'
    assert role.get("external_id") == (external_id and f'"{external_id}"')


def test_grant_with_mfa_asks_for_the_device_wherever_it_is_needed() -> None:
    grant = _sheet(require_mfa=True, principals=["arn:aws:iam::444455556666:user/ada"])
    device = "arn:aws:iam::444455556666:mfa/YOUR-DEVICE"
    assert f"mfa_serial = {device}" in snippets.profile(grant)
    assert f'"SerialNumber": "{device}"' in snippets.boto3(grant)
    assert f"--serial-number {device}" in snippets.commands(grant)
    assert "Put your MFA device" in markdown(grant)


def test_the_errors_are_reported_with_what_they_mean() -> None:
    text = markdown(_sheet()).partition("### When it does not work")[2]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == 6
    assert "If your tool passes session tags" in text
    assert re.findall(r"sts:AssumeRole|DurationSeconds|s3:ListBucket|kms:|eu-west-1", text)
    assert "prefix `in/`" in text


def test_what_a_session_may_bring_is_on_the_sheet() -> None:
    text = markdown(_sheet(session_tags=["team", "cost_centre"], source_identity=True))
    assert "| Session tags | may be passed, with the keys `cost_centre`, `team` |" in text
    assert "| Source identity | may be set |" in text
    assert "in upper and lower case as here: `cost_centre`, `team`." in text
    assert "No source identity" not in text
    plain = markdown(_sheet())
    assert "Session tags |" not in plain
    assert "If your tool passes session tags, the role has to allow that" in plain
    assert "No source identity may be set" in plain
    assert "| Session tags | may be passed |" in markdown(_sheet(session_tags=True))
