"""What the action does for an event: nothing, validate, plan, or apply."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["none", "validate", "plan", "apply"]

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_WITHOUT_SECRETS = (
    "comes from a fork, which gets neither AWS credentials nor a token that may comment: its files "
    "are validated offline, and nothing is planned. Guardrails and resources are not looked at. "
    "Plan it from a branch of this repository before you merge it."
)
_BY_DEPENDABOT = "is by Dependabot, which gets no AWS credentials: its files are validated offline."


class EventRefused(Exception):
    """The action does nothing for an event, and says why."""


@dataclass(frozen=True)
class Decision:
    """What to do, since which commit, and what there is to say about it."""

    mode: Mode
    base: str = ""
    why: str = ""
    number: int | None = None
    """Of the pull request."""


def decide(
    name: str, event: Mapping[str, Any], repository: str, ref: str, since: str = ""
) -> Decision:
    """What to do for an event (GitHub docs, "Events that trigger workflows").

    `since` is the commit of a run by hand. A pull request of a fork has no secrets, and
    `pull_request_target` would give it some: it runs with those of the base repository on what
    somebody else wrote (GitHub docs, "Secure use reference").

    Raises
    ------
    EventRefused
        For any other event.
    """
    match name:
        case "pull_request":
            return _of_pull_request(event["pull_request"], str(event.get("action")), repository)
        case "merge_group":
            return Decision("validate", _commit(event["merge_group"]["base_sha"]))
        case "push" | "workflow_dispatch":
            return _of_branch(event, ref, since)
    raise EventRefused(
        f"the action does nothing for the event {name!r}: run it on pull_request, push, "
        "merge_group or workflow_dispatch; pull_request_target would give forks your secrets"
    )


def _of_pull_request(pull: Mapping[str, Any], action: str, repository: str) -> Decision:
    if action == "closed":
        return Decision("none", why="The pull request is closed; a push applies what was merged.")
    base, number = _commit(pull["base"]["sha"]), int(pull["number"])
    head = pull["head"]["repo"] or {}  # None where the fork was deleted
    if head.get("full_name") != repository:
        return Decision("validate", base, f"This pull request {_WITHOUT_SECRETS}", number)
    if (pull.get("user") or {}).get("login") == "dependabot[bot]":
        return Decision("validate", base, f"This pull request {_BY_DEPENDABOT}", number)
    return Decision("plan", base, number=number)


def _of_branch(event: Mapping[str, Any], ref: str, since: str) -> Decision:
    default = str(event["repository"]["default_branch"])
    if ref != f"refs/heads/{default}":
        return Decision("none", why="Only what is on the default branch is applied.")
    if since:
        return Decision("apply", since)
    before = str(event.get("before") or "")
    if not before.strip("0"):
        raise EventRefused(
            "it is not known since which commit to apply; run the workflow by hand with the input "
            "`since`"
        )
    return Decision("apply", _commit(before))


def _commit(name: str) -> str:
    if not _COMMIT.fullmatch(name):
        raise EventRefused("the event names no commit to compare with")
    return name
