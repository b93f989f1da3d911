"""A result for people, in Markdown: the outcome first, then the risk, then the evidence."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from latchkey.grants.pending import awaited
from latchkey.grants.phase import phase_dates
from latchkey.grants.trigger import triggered_by
from latchkey.reports.markdown_text import code, fenced, plain, table
from latchkey.reports.redaction import redacted
from latchkey.reports.summary.effects import only_narrows

Result = Mapping[str, Any]

_OUTCOMES = {
    "created": "The role was created.",
    "updated": "The role was changed.",
    "confirmed": "The grant was confirmed: it goes on.",
    "unchanged": "Nothing had to be changed.",
    "suspended": "The grant is suspended: its role may do nothing.",
    "revoked": "The grant is revoked: its role is gone.",
    "expired": "The grant has expired: its role is gone.",
    "rejected": "The config was rejected. Nothing was changed.",
    "failed": "This failed. What was done before it failed may stand.",
    "planned": "This is a plan. Nothing was changed.",
    "pending_approval": "This waits for approval. Nothing was changed.",
}
_MARKS = {"widens": "**widens**: ", "narrows": "narrows: "}


def markdown(result: Result, unsaid: Iterable[str] = ()) -> str:
    """A result (docs/results.md) as a page that ends in a line break; it may lack any field.

    The page goes into pull requests and tickets, so it quotes no external ID: neither the result's
    own nor those that are `unsaid`.
    """
    result = redacted(result, unsaid)
    parts = [*_outcome(result), *_summary(result), *_problems(result), *_needs(result)]
    parts += [*_allows(result), *_difference(result), *_evidence(result)]
    return "\n\n".join(parts) + "\n"


def _outcome(result: Result) -> Iterator[str]:
    outcome = str(result.get("outcome", "unknown"))
    named = [result[name] for name in ("partner", "grant") if result.get(name)]
    about = ".".join(map(str, named)) or result.get("config_key") or "workflow input"
    yield f"# {plain(about)}: {plain(outcome)}"
    yield _OUTCOMES.get(outcome, "The outcome is not known here.")
    if result.get("phase") == "not begun" and outcome != "planned":
        yield f"Access begins at {plain(result['starts_at'])}. Until then every call is denied."
    if reason := result.get("reason"):
        yield f"Reason: {plain(reason)}"
    if result.get("widens"):
        yield f"**{_will(result, 'This widens access.', 'This would widen access.')}**"
    elif only_narrows(result.get("summary", ())):
        yield _will(result, "This only narrows access.", "This would only narrow access.")


def _will(result: Result, is_so: str, would_be: str) -> str:
    yet_to_come = ("planned", "failed", "pending_approval", "rejected")
    return would_be if result.get("outcome") in yet_to_come else is_so


def _summary(result: Result) -> Iterator[str]:
    lines = result.get("summary") or ()
    if lines:
        yield {
            "planned": "## What would change",
            "pending_approval": "## What would change",
            "rejected": "## What would change",
            "failed": "## What was to change",
        }.get(result.get("outcome", ""), "## What changed")
        yield _list(_line(line["effect"], line["text"]) for line in lines)
    if drift := result.get("drift"):
        yield "## What had been changed by hand"
        yield _list(map(plain, drift))


def _line(effect: str, text: str) -> str:
    return f"{_MARKS.get(effect, '')}{plain(text)}"


def _problems(result: Result) -> Iterator[str]:
    if problems := result.get("problems"):
        yield "## Problems"
        yield _list(
            f"{code(problem['path'] or '(whole document)')}: {plain(problem['message'])}"
            for problem in problems
        )


def _needs(result: Result) -> Iterator[str]:
    """What a partner may have to be given before there is a role."""
    if needs := result.get("partner_needs"):
        yield "## What the partner may ask for first"
        yield table(["what", ""], ([plain(n["what"]), code(n["value"])] for n in needs))


def _allows(result: Result) -> Iterator[str]:
    if rows := result.get("allows"):
        yield _will(result, "## What the role allows", "## What the role would allow")
        yield table(
            ["service", "resource", "may", "conditions"],
            (
                [
                    plain(row["service"]),
                    plain(row["resource"]),
                    plain(", ".join(row["may"])),
                    plain("; ".join(row["conditions"])),
                ]
                for row in rows
            ),
        )


def _difference(result: Result) -> Iterator[str]:
    if lines := result.get("policy_difference"):
        yield "## Policy difference"
        yield fenced("diff", lines)


def _evidence(result: Result) -> Iterator[str]:
    verified = result.get("verified") or {}
    file = [result.get("config_bucket"), result.get("config_key")]
    fields = {
        "role": result.get("role_arn"),
        **dict(phase_dates(result)),
        "file": "s3://" + "/".join(map(str, file)) if all(file) else None,
        "version": result.get("config_version"),
        "changes": ", ".join(change["action"] for change in result.get("changes") or ()),
        "read back": ", ".join(f"{name} {value}" for name, value in verified.items()),
        "digest": result.get("digest"),
        "waits for": ", ".join(map(str, awaited(result))),
        "approved by": ", ".join(result.get("approved_by") or ()),
        "set off by": triggered_by(result),
        "ended by": result.get("ended_by"),
        "seconds from expiry to removal": result.get("late_seconds"),
        "recorded at": result.get("recorded_at"),
    }
    known = [[name, code(value)] for name, value in fields.items() if value not in (None, "")]
    if known:
        yield "## Evidence"
        yield table(["what", ""], known)
    if checks := result.get("checks"):
        yield table(["check", "result"], ([plain(c["check"]), _checked(c)] for c in checks))


def _checked(check: Mapping[str, Any]) -> str:
    return plain("; ".join([check["result"], *check.get("details", ())]))


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
