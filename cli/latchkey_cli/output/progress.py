"""Progress on standard error: a live line on a terminal, otherwise a line for each step."""

from collections.abc import Iterator
from contextlib import contextmanager

from latchkey.text import one_line
from latchkey_cli.aws.workflow_runs import Progress
from latchkey_cli.output.terminal import console, say


@contextmanager
def show_progress(what: str) -> Iterator[Progress]:
    """Show the steps that are reported while the block runs."""
    out = console(stderr=True)
    if not out.is_terminal:
        say(f"{what} …", err=True)
        yield _lines()
        return
    from rich.text import Text

    def shown(text: str) -> Text:
        return Text(one_line(text))  # a string would be markup, whatever the console says

    with out.status(shown(f"{what} …")) as status:
        yield lambda step: status.update(shown(f"{what}: {step} …"))


def _lines() -> Progress:
    shown: list[str] = []

    def report(step: str) -> None:
        if step not in shown[-1:]:
            shown.append(step)
            say(f"  {step}", err=True)

    return report
