"""Who started a grant's runs, for people."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from latchkey_cli.authorship.comparison import Verdict
from latchkey_cli.authorship.run_starts import RunStart, RunStartsFound
from latchkey_cli.output.tables import Table, print_table
from latchkey_cli.output.terminal import say

_WORDS: Mapping[Verdict, str] = MappingProxyType(
    {
        "agrees": "as the request says",
        "differs": "DIFFERS",
        "not_comparable": "cannot be compared",
        "unclaimed": "the request names nobody",
        "own": "Latchkey itself",
        "not_own": "NOT LATCHKEY ITSELF",
        "not_found": "not found",
        "not_asked": "not looked up",
    }
)
_SAYS = ("differs", "not_comparable")
_STYLES = {"differs": "bold red", "not_own": "bold yellow"}
_OF_FILES = ("file", "file_check", "resync")
_FILES = (
    "Who uploaded a file is S3's word, and uploads are data events, which CloudTrail's event "
    "history does not have: docs/history.md says how to compare them in a trail."
)


def print_starts(found: RunStartsFound, events: Sequence[Mapping[str, Any]]) -> None:
    """Print the starts of runs, after the history that they are of."""
    styles = {_words(run): _STYLES.get(run.verdict) for run in found.runs}
    rows = [
        [f"  {run.at[:19]}Z", run.event, run.started_by or "", _words(run)] for run in found.runs
    ]
    say()
    say("Runs started by, as CloudTrail has it:")
    print_table(
        Table(
            ["  WHEN", "WHAT", "STARTED BY", "AND THE HISTORY"],
            rows,
            whole=("  WHEN", "WHAT", "STARTED BY"),
            style=lambda row: styles.get(row[-1]),
        )
    )
    if any(event.get("by") in _OF_FILES for event in events):
        say(_FILES)


def _words(run: RunStart) -> str:
    says = f": the request says {run.requested_by}" if run.verdict in _SAYS else ""
    why = f" ({run.why})" if run.why else ""
    return f"{_WORDS[run.verdict]}{says}{why}"
