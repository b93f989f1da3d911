"""Messages for chats: their form, their lengths, and that no text in them acts."""

import re
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latchkey.grants.record import EventType
from latchkey.reports.chat import chat_notice, code
from latchkey.reports.links import Links
from latchkey.reports.outcome_event import About, outcome_event
from tests.kit.documented.chat import ChatMessage
from tests.kit.documented.result import example_result

LINKS = Links("aws", "eu-west-1")
ACTS = (
    "<!channel> <!here> <@U012AB3CD> <https://evil.example|open>",
    "@here @channel @everyone",
    "`out` *bold* _it_ ~no~ :tada: [x](https://evil.example)",
    "a\n# b\r\n> c",
    "\u202e\u200b\x1b[31m",
    "&lt;!channel&gt;",
)


def _message(fact: str = "AccessGranted", **changes: Any) -> dict[str, Any]:
    about = About(
        fact,  # type: ignore[arg-type]
        changes.pop("owner", "team"),
        "order",
        "results",
        changes.pop("key", "k.result.json"),
        "run",
        (),
    )
    message = chat_notice(outcome_event({**example_result(), **changes}, about), LINKS)
    ChatMessage.model_validate(message)
    return message


def test_the_account_is_told_where_it_is_not_the_stacks_own() -> None:
    about = About("AccessGranted", "team", "order", "results", "k.result.json", "run")
    event = outcome_event({**example_result(), "account": "444455556666"}, about)
    assert "Account: `444455556666`" in str(chat_notice(event, LINKS, home="123456789012"))
    assert "Account:" not in str(chat_notice(event, LINKS, home="444455556666"))


@pytest.mark.parametrize("fact", get_args(EventType))
def test_every_fact_is_a_message_of_the_documented_form(fact: str) -> None:
    message = _message(fact)
    assert message["metadata"]["eventType"] == fact
    assert message["content"]["title"].startswith("`acme.")


def test_what_waits_for_approval_says_how_to_answer() -> None:
    steps = _message("ApprovalRequested")["content"]["nextSteps"]
    assert [step.partition("`")[2] for step in steps][1:] == [
        "latchkey approve acme.reports`",
        'latchkey reject acme.reports --reason "…"`',
    ]


def _acts(text: str) -> bool:
    """Whether anything outside of code could be markup of a text, or a mention anywhere."""
    outside = re.sub(r"`[^`\n]*`", "", text)
    return bool(re.search(r"[<>@*_~\[\]]|:tada:|evil", outside)) or bool(re.search("[<>@]", text))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ACTS) | st.text(max_size=60), st.sampled_from(["reason", "summary", "key"]))
def test_no_text_of_anybodys_acts(text: str, field: str) -> None:
    fields: dict[str, dict[str, Any]] = {
        "reason": {"reason": text, "owner": text, "requested_by": text},
        "summary": {"summary": [{"effect": "widens", "text": text}], "drift": [text]},
        "key": {"partner": None, "grant": None, "config_key": f"partners/{text}.json"},
    }
    problems = [{"path": f"/{text}", "message": text}]
    content = _message("ConfigRejected", problems=problems, **fields[field])["content"]
    for shown in (content["title"], *content["description"].split("\n"), *content["nextSteps"]):
        line = re.sub(r"Result: https://\S+$", "", shown)
        assert not _acts(line), line
        assert line.isprintable()


def test_long_lists_and_texts_are_cut_and_the_rest_is_counted() -> None:
    lines = [{"effect": "widens", "text": "x" * 5_000}] * 40
    description = _message(summary=lines, reason="y" * 1_000)["content"]["description"]
    assert "• and 34 more" in description
    assert description.count("`") % 2 == 0


def test_messages_about_one_grant_are_one_thread() -> None:
    one, other = _message(), _message("AccessRevoked")
    assert one["metadata"]["threadId"] == other["metadata"]["threadId"]
    assert one["id"] != other["id"]
    assert _message(grant="other")["metadata"]["threadId"] != one["metadata"]["threadId"]


def test_external_ids_are_not_told() -> None:
    about = About("AccessGranted", "o", "order", "r", "k.result.json", "run", ("very-secret-4711",))
    event = outcome_event({**example_result(), "reason": "was very-secret-4711"}, about)
    assert "very-secret-4711" not in str(chat_notice(event, LINKS))


def test_code_is_never_empty_and_never_ends_early() -> None:
    assert code("") == "` `"
    assert code("a`b") == "`a´b`"
    assert len(code("x" * 400)) == 302
