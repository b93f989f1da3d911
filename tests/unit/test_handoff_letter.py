"""The first part of the hand-off sheet: what it is, whom to ask, and what to paste where."""

import json
from typing import Any

import pytest

from latchkey.reports.handoff.html import html
from latchkey.reports.handoff.markdown import markdown
from tests.kit.handoff_sheets import BUCKET, KEY, ROLE, WHOLE, made_sheet
from tests.kit.tokens import AUDIENCE, GITHUB, SUBJECT


def _row(label: str, value: str) -> str:
    return f"| {label} | `{value}` |"


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("role ARN", ROLE),
        ("account ID", "123456789012"),
        ("role name", "partner-acme.main"),
        ("role name with path", "partners/partner-acme.main"),
        ("external ID", "acme-7f3b2c91"),
        ("bucket", "reports"),
        ("folder (prefix)", "in/"),
        ("S3 URI", "s3://reports/in/"),
        ("bucket URL", "https://reports.s3.us-east-1.amazonaws.com/"),
        ("key ARN (AWS KMS)", KEY),
        ("secret ARN", WHOLE),
        ("secret name", "partners/acme/api"),
        ("queue URL", "https://sqs.us-east-1.amazonaws.com/123456789012/orders"),
        ("Region", "us-east-1"),
    ],
)
def test_what_forms_ask_for_is_there_to_paste(label: str, value: str) -> None:
    text = markdown(made_sheet())
    assert _row(label, value) in text
    assert text.index(_row(label, value)) < text.index("## Technical note")


def test_key_stands_with_the_resource_that_is_under_it() -> None:
    bucket, secret, queue = made_sheet().resources
    assert ("key ARN (AWS KMS)", KEY) in bucket.values
    assert KEY not in str((secret.values, queue.values))


def test_bucket_with_dots_has_a_url_that_its_certificate_is_for() -> None:
    dotted = {**BUCKET, "bucket": "reports.example.com"}
    (bucket,) = made_sheet(access=[dotted]).resources
    url = "https://s3.us-east-1.amazonaws.com/reports.example.com/"
    assert ("bucket URL", url) in bucket.values


def test_letter_comes_first_the_policy_second_the_calls_third() -> None:
    text = markdown(made_sheet(owner_contact="platform@example.com"))
    parts = (
        "for this purpose:",
        "Questions: data-platform at platform",
        "## What to paste where",
        "## What is allowed",
        "## Technical note",
        "### Permissions policy",
        "### Try it",
        "### When it does not work",
    )
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_policy_is_the_one_of_the_role() -> None:
    sheet = made_sheet()
    shown = markdown(sheet).partition("```json\n")[2].partition("\n```")[0]
    assert json.loads(shown) == sheet.policy
    assert KEY in shown


@pytest.mark.parametrize("write", [markdown, html])
def test_suspended_grant_has_no_policy_to_show(write: Any) -> None:
    text = write(made_sheet("suspended"))
    assert "Not shown, since the role is suspended" in text
    assert "Statement" not in text


@pytest.mark.parametrize("contact", ["platform@example.com", "https://wiki.example.com/team?id=7"])
@pytest.mark.parametrize("write", [markdown, html])
def test_owner_can_be_reached(write: Any, contact: str) -> None:
    assert contact.partition("/")[2] in write(made_sheet(owner_contact=contact)).replace("\\", "")
    assert contact not in write(made_sheet())


@pytest.mark.parametrize("write", [markdown, html])
def test_grant_that_has_not_begun_says_so_first(write: Any) -> None:
    text = write(made_sheet(starts_at="2026-04-01T00:00:00Z"))
    assert "Not before 2026-04-01T00:00:00Z" in text
    assert text.index("Not before") < text.index(ROLE)
    assert "it is before" in text
    assert "Not before" not in write(made_sheet(starts_at="2026-02-01T00:00:00Z")), "it has begun"


GITHUB_RUNS = {"oidc_provider": GITHUB, "audience": AUDIENCE, "subject": [SUBJECT, f"{SUBJECT}-2"]}
TERRAFORM_RUNS = {
    "oidc_provider": "app.terraform.io",
    "audience": "aws.workload.identity",
    "subject": "organization:acme:project:p:workspace:w:run_phase:apply",
}


def test_letter_for_tokens_names_audiences_and_no_external_id() -> None:
    text = markdown(made_sheet(principals=[GITHUB_RUNS], external_id=None))
    assert text.count(_row("audience of the token", AUDIENCE)) == 1
    assert "external ID" not in text
    assert text.count("May assume it") == 1
    text = markdown(made_sheet(principals=[GITHUB_RUNS, TERRAFORM_RUNS], external_id=None))
    assert _row(f"audience of the token ({GITHUB})", AUDIENCE) in text
    assert _row("audience of the token (app.terraform.io)", "aws.workload.identity") in text


def test_that_a_role_assumes_itself_is_told_with_who_may() -> None:
    text = markdown(made_sheet(self_assume=True))
    letter = text[: text.index("## Technical note")]
    assert "| Assumes itself |" in letter
    assert "sts" not in letter
