"""What needs a look, on the terminal."""

from collections.abc import Iterable
from dataclasses import replace

from latchkey.reports.redaction import Redactor
from latchkey_cli.grants.troubled import Trouble
from latchkey_cli.output.terminal import say, styled

_STYLES = {
    "rejected": "bold red",
    "failed": "bold red",
    "not checked": "bold red",
    "findings": "bold yellow",
}


def told_troubles(found: Iterable[Trouble], redact: Redactor) -> list[Trouble]:
    """The same without external IDs."""
    return [
        replace(one, reason=redact(one.reason), problems=tuple(redact.document(one.problems)))
        for one in found
    ]


def print_trouble(trouble: Trouble, indent: str = "") -> None:
    """Print one: what it is, since when, and each problem with its place."""
    styled(f"{indent}{trouble.name}: {trouble.outcome}, {trouble.at}", _STYLES.get(trouble.outcome))
    for problem in trouble.problems:
        say(f"{indent}  {problem['path'] or '(the file)'}: {problem['message']}")
    if not trouble.problems:
        say(f"{indent}  {trouble.reason}")
    if trouble.remedy:
        say(f"{indent}  what to do: {trouble.remedy}")
