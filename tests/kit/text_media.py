"""Every medium that people read, and every field of anybody's text that reaches it.

What a medium makes of one field is a text, of which tests say that nothing in it acts.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from latchkey.config.problem import Problem
from latchkey.grants.record import GrantRecord
from latchkey.reports.handoff.contents import Handoff, handoff
from latchkey.reports.handoff.html import html
from latchkey.reports.handoff.markdown import markdown as sheet_markdown
from latchkey.reports.mail import Notice
from latchkey.reports.notice import outcome_notice
from latchkey.reports.outcome_event import About, outcome_event
from latchkey.reports.result_markdown import markdown as result_markdown
from latchkey.text import json_text
from latchkey_cli.config_files.located_problem import LocatedProblem
from latchkey_cli.output.history_table import print_history
from latchkey_cli.output.plans import show_outcome, show_plan
from latchkey_cli.output.problem_formats import PRINTERS
from latchkey_cli.output.problems import print_problems
from latchkey_cli.output.progress import show_progress
from latchkey_cli.output.terminal import print_json, print_text, say
from tests.kit.documented.result import example_result
from tests.kit.examples import config_document

ROLE = "arn:aws:iam::123456789012:role/partners/partner-acme.main"

RESULT_FIELDS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "reason": lambda text: {"reason": text},
    "requested_by": lambda text: {"requested_by": text},
    "key of S3": lambda text: {"config_key": f"partners/{text}.json", "partner": None},
    "unknown field": lambda text: {"problems": [{"path": f"/{text}", "message": "unknown field"}]},
    "problem's message": lambda text: {"problems": [{"path": "/owner", "message": text}]},
    "what changes": lambda text: {"summary": [{"effect": "widens", "text": text}]},
    "drift": lambda text: {"drift": [text]},
    "policy": lambda text: {"policy_difference": [f"+  {text}"]},
    "resource": lambda text: {
        "allows": [{"service": text, "resource": text, "may": [text], "conditions": [text]}]
    },
    "check": lambda text: {"checks": [{"check": text, "result": text, "details": [text]}]},
    "tag": lambda text: {"changes": [{"action": "TagRole", "role": text, "tags": {text: text}}]},
}
"""What of a result is anybody's text: from files, orders, the account, and errors of AWS."""


def result_with(field: str, text: str, outcome: str = "rejected") -> dict[str, Any]:
    """A result with a text in one field."""
    return {**example_result(), "outcome": outcome, **RESULT_FIELDS[field](text)}


def notice(result: dict[str, Any], owner: str = "team", unsaid: tuple[str, ...] = ()) -> Notice:
    """The message about a result."""
    about = About("ConfigRejected", owner, "order", "results", "k.result.json", "run", unsaid)
    return outcome_notice(outcome_event(result, about))


def sheet(**changes: Any) -> Handoff:
    """The sheet of a grant whose config, accepted once, has other fields than it may have now."""
    config = json.dumps({**config_document(), **changes})
    rows = [{"service": "s3", "resource": str(changes.get("purpose")), "may": ["read"]}]
    record = GrantRecord(
        "acme",
        "main",
        "active",
        role_arn=ROLE,
        external_id="acme-7f3b2c91",
        expires_at="2030-01-01T00:00:00Z",
        updated_at="2026-03-01T12:00:00Z",
        config=config,
    )
    made = handoff(record, "eu-west-1", {"allows": rows})
    assert made
    return made


def _located(result: dict[str, Any]) -> tuple[LocatedProblem, ...]:
    return tuple(LocatedProblem(Problem(**p), 1, 1) for p in result["problems"])


def _printed_history(result: dict[str, Any]) -> None:
    row = {"grant": "acme.main", "reason": result["reason"], "allows": result["allows"]}
    print_history([row], none="")


def _progress(result: dict[str, Any]) -> None:
    with show_progress(f"plan of {result['reason']}") as progress:
        progress(str(result["config_key"]))


def _mail(result: dict[str, Any]) -> str:
    told = notice(result, owner=result["reason"] or "x")
    return f"{told.subject}\n{told.text}" + "\n".join(told.attributes.values())


WRITTEN: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "e-mail": _mail,
    "result as Markdown": result_markdown,
    "result as JSON": lambda result: json_text(result, indent=2),
}
"""Media that are written from a result."""

PRINTED: Mapping[str, Callable[[dict[str, Any]], None]] = {
    "outcome": show_outcome,
    "plan": lambda result: show_plan(result, policies=True),
    "JSON": print_json,
    "problems": lambda result: print_problems(result["reason"], _located(result)),
    "problems for GitHub": lambda result: PRINTERS["github"](
        [(result["reason"], _located(result))]
    ),
    "problems as JSON": lambda result: PRINTERS["json"]([(result["reason"], _located(result))]),
    "history": _printed_history,
    "progress": _progress,
    "a line": lambda result: say(result["reason"]),
    "a sheet": lambda result: print_text(result["reason"]),
}
"""What the command line prints on a terminal."""

SHEETS: Mapping[str, Callable[[Handoff], str]] = {"Markdown": sheet_markdown, "HTML": html}
