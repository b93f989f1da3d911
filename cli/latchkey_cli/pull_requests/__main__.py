"""The action's own steps: `decide`, `sign-in` and `tell`.

All that they know comes from the environment: nothing of an event is ever part of a command line.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.error import HTTPError, URLError

from latchkey.reports.changes_markdown import is_about_files
from latchkey.reports.markdown_text import fenced
from latchkey_cli.output.terminal import say
from latchkey_cli.pull_requests.comment import LONGEST, shortened, tell
from latchkey_cli.pull_requests.decision import Decision, EventRefused, decide
from latchkey_cli.pull_requests.github import GitHub, identity_token

_LONGEST_SUMMARY = 1_000_000
"""Characters; a job summary takes 1 MiB for each step (GitHub docs, "Workflow commands")."""


def _decide() -> int:
    try:
        made = decide(
            os.environ["GITHUB_EVENT_NAME"],
            _event(),
            os.environ["GITHUB_REPOSITORY"],
            os.environ["GITHUB_REF"],
            os.environ.get("SINCE", ""),
        )
    except EventRefused as refused:
        say(f"::error::{refused}")
        return 1
    _output("mode", made.mode)
    _output("base", _before_merge() or made.base if made.number else made.base)
    say(made.why or f"mode: {made.mode}")
    return 0


def _before_merge() -> str | None:
    """What the checked-out merge commit of a pull request was merged into.

    The base in the event is older where its branch went on meanwhile; HEAD has that in it already.
    """
    words = ["git", "rev-list", "--parents", "--max-count", "1", "HEAD"]
    done = subprocess.run(words, capture_output=True, check=False, text=True)  # noqa: S603
    head, *parents = done.stdout.split() or [""]
    return parents[0] if len(parents) == 2 and head == os.environ.get("GITHUB_SHA") else None


def _sign_in() -> int:
    """Write the run's identity token to the file from which boto3 reads it."""
    url = os.environ.get("ACTIONS_ID_TOKEN_REQUEST_URL")
    token = os.environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    if not (url and token):
        say("::error::role-to-assume needs the job's permission id-token: write")
        return 1
    try:
        found = identity_token(url, token, os.environ["AUDIENCE"])
    except (HTTPError, URLError) as error:
        say(f"::error::GitHub gave no identity token: {error}")
        return 1
    place = Path(os.environ["RUNNER_TEMP"]) / "latchkey-token"
    place.unlink(missing_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(found)
    _output("token-file", str(place))
    return 0


def _tell() -> int:
    """Write the job's summary and, for a plan, the comment."""
    event = _event()
    page = _read("PAGE")
    log = fenced("text", _read("LOG").splitlines()) if os.environ.get("LOG") else ""
    told = "\n\n".join(filter(None, [_reason(event), page, log]))
    if told:
        with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
            summary.write(shortened(told, _LONGEST_SUMMARY, _link()))
    if os.environ["MODE"] == "plan" and page and os.environ.get("COMMENT") == "true":
        say(_comment(event["pull_request"], page))
    return 0


def _read(variable: str) -> str:
    """The text of the file that a variable names, if it names one that is there."""
    path = Path(os.environ.get(variable) or os.devnull)
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _comment(pull: Mapping[str, Any], page: str) -> str:
    hub = GitHub(os.environ["GITHUB_API_URL"], os.environ["GITHUB_REPOSITORY"], os.environ["TOKEN"])
    commit = str(pull["head"]["sha"])
    marker = f"<!-- latchkey plan of {os.environ['LATCHKEY_STACK']} -->"
    body = shortened(page, LONGEST - len(marker) - 1, _link(commit))
    try:
        done = tell(
            hub, int(pull["number"]), marker, body, commit=commit, needed=is_about_files(page)
        )
    except (HTTPError, URLError) as error:
        return f"::warning::the plan is in the job's summary only; commenting failed: {error}"
    return f"comment: {done}"


def _reason(event: Mapping[str, Any]) -> str:
    """What there is to say about what was decided, in words of our own."""
    if os.environ["GITHUB_EVENT_NAME"] != "pull_request":
        return ""
    where = (os.environ["GITHUB_REPOSITORY"], os.environ["GITHUB_REF"])
    made: Decision = decide("pull_request", event, *where)
    return f"## Latchkey\n\n{made.why}" if made.why else ""


def _link(commit: str = "") -> str:
    server, repository = os.environ["GITHUB_SERVER_URL"], os.environ["GITHUB_REPOSITORY"]
    run = f"{server}/{repository}/actions/runs/{os.environ['GITHUB_RUN_ID']}"
    return f"[{'Plan of ' + commit[:12] if commit else 'This run'}]({run})"


def _event() -> dict[str, Any]:
    text = Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _output(name: str, value: str) -> None:
    """Set an output of the step; a value is one line, so that it sets no other one."""
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"{name}={value.splitlines()[0] if value else ''}\n")


_STEPS: Mapping[str, Callable[[], int]] = MappingProxyType(
    {"decide": _decide, "sign-in": _sign_in, "tell": _tell}
)

if __name__ == "__main__":
    sys.exit(_STEPS[sys.argv[1]]())
