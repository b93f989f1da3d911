"""Events and messages: what they say, and what they never quote."""

from typing import Any

import pytest

from latchkey.reports.links import Links
from latchkey.reports.mail import subject
from latchkey.reports.notice import outcome_notice
from latchkey.reports.outcome_event import About, OutcomeEvent, outcome_event

SECRET = "acme-7f3b2c91"
RESULT: dict[str, Any] = {
    "outcome": "updated",
    "reason": "the config asks for it",
    "partner": "acme",
    "grant": "reports",
    "problems": [],
    "changes": [{"action": "PutRolePolicy", "document": {"Statement": SECRET}}],
    "drift": [],
    "role_arn": "arn:aws:iam::123456789012:role/partners/partner-acme.reports",
    "external_id": SECRET,
    "starts_at": None,
    "expires_at": "2030-06-30T18:00:00Z",
    "config_bucket": "configs",
    "config_key": "partners/acme/reports.json",
    "config_version": "v1",
    "requested_by": None,
    "recorded_at": "2026-01-15T12:00:00.000000Z",
}


def _event(fact: Any = "AccessUpdated", by: Any = "file", **changes: Any) -> OutcomeEvent:
    about = About(
        fact=fact,
        owner="data-platform",
        by=by,
        result_bucket="results",
        result_key="partners/acme/reports.result.json",
        execution="arn:run",
        unsaid=(SECRET,),
    )
    return outcome_event({**RESULT, **changes}, about)


def test_event_is_versioned_and_holds_what_the_result_says() -> None:
    told = _event().document()
    assert told["version"] == 1
    assert told["fact"] == "AccessUpdated"
    assert (told["partner"], told["grant"], told["owner"]) == ("acme", "reports", "data-platform")
    assert told["summary"] == []
    assert told["widens"] is None, "not said where the result does not say it"


@pytest.mark.parametrize("field", ["reason", "drift", "problems", "summary", "requested_by"])
def test_no_text_quotes_the_external_id(field: str) -> None:
    quoted = f"it is {SECRET}, he wrote"
    changes: dict[str, Any] = {
        "reason": quoted,
        "requested_by": quoted,
        "drift": [quoted],
        "problems": [{"path": "/purpose", "message": quoted}],
        "summary": [{"effect": "changes", "text": quoted}],
    }
    event = _event(**{field: changes[field]})
    assert SECRET not in str(event.document())
    assert "it is (external ID), he wrote" in str(event.document())
    assert SECRET not in outcome_notice(event).text


def test_what_is_wrong_with_an_external_id_is_in_the_result_only() -> None:
    event = _event(problems=[{"path": "/external_id", "message": "987654321 is of the wrong kind"}])
    assert "987654321" not in str(event.document())
    assert event.problems[0].path == "/external_id"


def test_message_reads_as_an_e_mail_with_the_risk_first() -> None:
    notice = outcome_notice(
        _event(
            widens=True,
            requested_by="ada",
            by="order",
            summary=[
                {"effect": "widens", "text": "adds DELETE on bucket northwind-reports"},
                {"effect": "narrows", "text": "ends a month earlier"},
            ],
        )
    )
    assert notice.subject == ("Latchkey: acme.reports: access changed, more is allowed than before")
    assert notice.text == (
        "acme.reports: access changed, more is allowed than before\n"
        "\n"
        "What changes:\n"
        "- adds DELETE on bucket northwind-reports\n"
        "- ends a month earlier\n"
        "\n"
        "Why: the config asks for it\n"
        'Set off by: workflow input (the request says "ada")\n'
        "Owner: data-platform\n"
        "Until: 2030-06-30T18:00:00Z\n"
        "Role: arn:aws:iam::123456789012:role/partners/partner-acme.reports\n"
        "File: s3://configs/partners/acme/reports.json\n"
        "Result: s3://results/partners/acme/reports.result.md\n"
        "Sheet: s3://results/partners/acme/reports.handoff.html\n"
        "At a terminal: latchkey show acme.reports\n"
        "\n"
        "What to do: send the partner its sheet: docs/handoff.md, if it needs what is new\n"
    )
    assert notice.attributes == {
        "outcome": "updated",
        "partner": "acme",
        "grant": "reports",
        "owner": "data-platform",
    }


@pytest.mark.parametrize(
    ("links", "file"),
    [
        (
            Links("aws", "eu-west-1"),
            "https://eu-west-1.console.aws.amazon.com/s3/object/configs?region=eu-west-1"
            "&prefix=partners/acme/a%20%26%20b.json",
        ),
        (
            Links("aws-cn", "cn-north-1"),
            "https://cn-north-1.console.amazonaws.cn/s3/object/configs?region=cn-north-1"
            "&prefix=partners/acme/a%20%26%20b.json",
        ),
        (
            Links("aws-us-gov", "us-gov-west-1"),
            "https://us-gov-west-1.console.amazonaws-us-gov.com/s3/object/configs"
            "?region=us-gov-west-1&prefix=partners/acme/a%20%26%20b.json",
        ),
        (
            Links("aws", "eu-west-1", "https://access.example.com/files/"),
            "https://access.example.com/files/configs/partners/acme/a%20%26%20b.json",
        ),
        (Links("aws-iso", "us-iso-east-1"), "s3://configs/partners/acme/a & b.json"),
    ],
    ids=lambda value: value.partition if isinstance(value, Links) else "",
)
def test_links_open_where_the_reader_can_look(links: Links, file: str) -> None:
    text = outcome_notice(_event(config_key="partners/acme/a & b.json"), links).text
    assert f"File: {file}\n" in text
    assert f"Result: {links.to('results', 'partners/acme/reports.result.md')}\n" in text
    assert f"Sheet: {links.to('results', 'partners/acme/reports.handoff.html')}\n" in text


def test_the_account_is_told_where_it_is_not_the_stacks_own() -> None:
    event = _event(account="444455556666")
    assert "\nAccount: 444455556666\n" in outcome_notice(event, home="123456789012").text
    assert "\nAccount:" not in outcome_notice(event, home="444455556666").text


def test_a_grant_that_is_made_suspended_is_told_so() -> None:
    event = _event("AccessSuspended", outcome="suspended")
    assert outcome_notice(event).subject == "Latchkey: acme.reports: access suspended"
    made = outcome_notice(event, created=True)
    told = "acme.reports: created, suspended: nothing is allowed yet"
    assert made.subject == f"Latchkey: {told}"
    assert made.text.startswith(f"{told}\n")


def test_message_about_a_rejection_says_what_to_mend_and_how_much_more_there_is() -> None:
    problems = [{"path": f"/access/{n}", "message": "no such bucket"} for n in range(12)]
    notice = outcome_notice(_event("ConfigRejected", outcome="rejected", problems=problems))
    assert "What to mend:\n- /access/0: no such bucket\n" in notice.text
    assert "- and 2 more, see the result" in notice.text
    assert "What to do: docs/runbook.md#outcome-of-a-file" in notice.text
    assert "Sheet" not in notice.text
    assert "/access/10" not in notice.text


def test_message_about_an_end_says_nothing_of_a_time_to_come() -> None:
    text = outcome_notice(_event("AccessRevoked", outcome="revoked")).text
    assert "Until" not in text


def test_config_that_names_no_grant_is_called_by_its_key() -> None:
    nameless = _event("ConfigRejected", outcome="rejected", partner=None, grant=None)
    notice = outcome_notice(nameless)
    assert notice.subject.startswith("Latchkey: partners/acme/reports.json: config rejected")
    assert notice.attributes.keys() == {"outcome", "owner"}


SUBJECTS = ["partners/Zürich büro/\u2028acme.json", "a\nb", "\x1b[31m\x07\x7f", "\0", "", "\u202e"]


@pytest.mark.parametrize("text", [*SUBJECTS, *("x" * n for n in (88, 89, 90, 91, 200))])
def test_subject_is_a_line_of_ascii_that_sns_takes(text: str) -> None:
    made = subject(text)
    assert made.isascii()
    assert made.isprintable()
    assert len(made) < 100, "SNS takes less than 100 characters"


@pytest.mark.parametrize("length", range(48, 60))
def test_file_with_a_long_key_that_cannot_be_read_is_told_of(length: int) -> None:
    key = "partners/" + "k" * (length - 14) + ".json"
    nameless = _event(
        "ConfigRejected", outcome="rejected", partner=None, grant=None, config_key=key
    )
    assert len(outcome_notice(nameless).subject) < 100


def test_lists_of_an_event_are_bounded() -> None:
    drift = [f"change {n}" for n in range(1000)]
    assert len(_event(drift=drift).drift) == 50


@pytest.mark.parametrize(
    ("fact", "headline", "label"),
    [
        (
            "ApprovalRequested",
            "waits for approval, nothing was changed yet, it would allow more than before",
            "What would change",
        ),
        (
            "ConfigRejected",
            "config rejected, nothing was changed, it would allow more than before",
            "What would change",
        ),
        ("GrantFailed", "failed, more may be allowed than before", "What was to change"),
    ],
)
def test_what_was_not_done_is_not_told_as_done(fact: str, headline: str, label: str) -> None:
    event = _event(fact, widens=True, summary=[{"effect": "widens", "text": "more"}])
    assert outcome_notice(event).text.startswith(f"acme.reports: {headline}\n\n{label}:\n")


def test_a_decision_of_approvers_is_not_told_as_the_authors() -> None:
    carol, who = {"user_id": "AROACAROL", "session": "carol"}, "AROACAROL:carol"
    asked = _event("ApprovalRequested", widens=True, by="file", author=carol)
    ways = 'latchkey approve acme.reports or latchkey reject acme.reports --reason "…"'
    assert f"What to do: {ways}, see docs/approvals.md\n" in outcome_notice(asked).text
    approved = _event("AccessGranted", "approval", author=carol, approved_by=["AROAADA", "AIDABEN"])
    told = f"Set off by: approval by AROAADA, AIDABEN, on what {who} uploaded\n"
    assert told in outcome_notice(approved).text
    rejected = _event("ConfigRejected", "approval", author=carol)
    assert f"Set off by: approvers, on what {who} uploaded\n" in outcome_notice(rejected).text
    resumed = _event("AccessUpdated", "order", requested_by="eve", approved_by=["AIDABEN"])
    told = 'Set off by: workflow input (the request says "eve"), approved by AIDABEN\n'
    assert told in outcome_notice(resumed).text
