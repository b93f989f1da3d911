"""Plans and outcomes on the terminal: widened access first, then the difference."""

import re
from collections.abc import Mapping
from typing import Any

from latchkey.grants.pending import awaited
from latchkey.grants.phase import phase_dates
from latchkey.grants.trigger import triggered_by
from latchkey_cli.output.tables import Table, print_table
from latchkey_cli.output.terminal import print_difference, say, styled

Result = Mapping[str, Any]

_EFFECTS = {
    "widens": ("bold red", "!"),
    "changes": ("yellow", "~"),
    "narrows": ("green", "-"),
    "ends": ("green", "x"),
    "none": ("dim", " "),
}
_DATE = re.compile(r'[+-] +"aws:CurrentTime": "[0-9TZ:-]+",?')
"""A line of a difference that changes when access begins or ends, and nothing else."""

_OUTCOMES = {
    "rejected": "bold red",
    "failed": "bold red",
    "planned": "bold",
    "pending_approval": "bold yellow",
}


def widens(result: Result) -> bool:
    """Whether a plan widens access; without a summary, any change may do so."""
    return bool(result.get("widens", result.get("changes")))


def takes_away(result: Result) -> bool:
    """Whether a plan narrows access or ends it."""
    lines = result.get("summary") or ()
    return any(line.get("effect") in ("narrows", "ends") for line in lines)


def show_plan(result: Result, *, policies: bool = False, shown_by: str = "plan --policies") -> None:
    """Print a plan: its summary, then the difference or, for a new grant, all that it allows.

    Policies of a role that is created or deleted are long and described by the summary; they are
    shown only if `policies` is set; so are those in which nothing but dates change. `shown_by` is
    what somebody has to type for that.
    """
    name = _name(result)
    changes = result.get("changes") or []
    if not changes and not result.get("summary"):
        styled(f"{name}: nothing would change", "green")
        _show_who_approves(result)
        return
    number = len(result.get("summary") or changes)  # those that are listed
    count = f"{number} change{'s' * (number != 1)}"
    styled(f"{name}: {count} would be made, {_kind(result)}", "bold")
    _show_who_approves(result)
    _show_summary(result)
    _show_role(result)
    if _does(changes, "CreateRole"):
        show_allows(result.get("allows") or [])
    show_needs(result)
    lines = result.get("policy_difference") or []
    if lines and not policies and (brief := _in_brief(lines, changes, shown_by)):
        say()
        styled(brief, "dim")
    elif lines:
        say()
        print_difference(lines)


def _show_who_approves(result: Result) -> None:
    if needs := awaited(result):
        styled(f"  waits for approval by {', '.join(map(str, needs))}", "bold yellow")


def show_outcome(result: Result) -> None:
    """Print the outcome of a file or an order."""
    outcome = str(result.get("outcome"))
    styled(f"{_name(result)}: {outcome}", _OUTCOMES.get(outcome, "bold green"))
    if outcome == "pending_approval":
        styled(f"  {result.get('reason') or ''}; until then nothing of this is done:", "bold")
    elif outcome in ("rejected", "failed") or not result.get("changes"):
        styled(f"  {result.get('reason') or ''}", "dim")
    _show_summary(result)
    if result.get("role_arn"):
        ended = outcome in ("revoked", "expired") or result.get("phase") == "ended"
        if not ended:
            say(f"  role     {result['role_arn']}")
        for name, at in () if ended else phase_dates(result):
            say(f"  {name:<8} {at}")


def show_result(result: Result) -> None:
    """Print a result that stands on record: its outcome, its problems, and when it was."""
    show_outcome(result)
    for problem in result.get("problems") or []:
        say(f"  ! {problem.get('path') or '(the file)'}: {problem.get('message')}")
    rows = {
        "file": result.get("config_key"),
        "version": result.get("config_version"),
        "by": triggered_by(result),
        "recorded": str(result.get("recorded_at") or "")[:19],
    }
    for name, value in rows.items():
        if value:
            say(f"  {name:<9}{value}{'Z' if name == 'recorded' else ''}")


def show_needs(result: Result) -> None:
    """Print what the partner may ask for before it can answer: of a role that is yet to be made."""
    needs = result.get("partner_needs") or []
    if not needs:
        return
    say()
    say("What the partner may ask for first:")
    width = max(len(str(need.get("what", ""))) for need in needs) + 2
    for need in needs:
        say(f"  {need.get('what', ''):<{width}}{need.get('value', '')}")


def _show_role(result: Result) -> None:
    """Print the role that a plan is about, unless it is told with more."""
    if result.get("role_arn") and not result.get("partner_needs"):
        say(f"  role     {result['role_arn']}")


def show_allows(allows: list[Any]) -> None:
    """Print the table of what a role will allow."""
    if not allows:
        return
    say()
    say("It will allow:")
    print_table(
        Table(
            ["SERVICE", "RESOURCE", "MAY", "ONLY IF"],
            [
                [
                    str(item.get("service", "")),
                    str(item.get("resource", "")),
                    ", ".join(map(str, item.get("may", []))),
                    "; ".join(map(str, item.get("conditions", []))),
                ]
                for item in allows
            ],
            whole=("SERVICE",),
        )
    )


def _show_summary(result: Result) -> None:
    """Print the summary of a result or, without one, its changes by the names of the calls."""
    summary = result.get("summary")
    if summary is None:
        summary = [
            {"effect": "changes", "text": _call(change)} for change in result.get("changes") or []
        ]
    for item in summary:
        style, mark = _EFFECTS.get(str(item.get("effect")), ("", "~"))
        say(f"  {mark} {item.get('text', '')}", style=style)


def _call(change: Mapping[str, Any]) -> str:
    what = change.get("role") or change.get("schedule") or ""
    return f"{change.get('action')} {what}".strip()


def _kind(result: Result) -> str:
    if "widens" not in result:
        return "in order"
    return "and it WIDENS access" if result["widens"] else "none of which widens access"


def _name(result: Result) -> str:
    grant = result.get("grant")
    named = grant if isinstance(grant, Mapping) else result  # of a run that had nothing to do
    if named.get("partner"):
        return f"{named['partner']}.{named.get('grant')}"
    return str(result.get("config_key") or "the config")


def _in_brief(lines: list[str], changes: list[Any], shown_by: str) -> str | None:
    """What stands for the difference of policies where the summary has told all of it."""
    if _does(changes, "CreateRole", "DeleteRole"):
        return f"{len(lines)} lines of policies, which {shown_by} shows"
    changed = [one for one in lines if one[:1] in ("+", "-") and one[:3] not in ("+++", "---")]
    whole = not any(one.startswith("#") for one in lines)  # a long difference is cut, and says so
    if whole and changed and all(map(_DATE.fullmatch, changed)):
        return f"in the policies, only dates change ({shown_by} shows them)"
    return None


def _does(changes: list[Any], *actions: str) -> bool:
    return any(change.get("action") in actions for change in changes)
