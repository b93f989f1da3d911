"""`python -m tools.reference.session`: from nothing to a renewed grant, recorded in docs/images.

The commands run in a sandbox, at a terminal, and somebody types what they ask. The recording is
`session.cast` (asciicast v2, for `asciinema play`), the picture `session.svg`.
"""

import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from sandbox import Sandbox
from sandbox.samples import prepare
from tests.kit.repository import ROOT
from tools.reference.pseudo_terminal import typed

CAST = ROOT / "docs/images/session.cast"
PICTURE = CAST.with_suffix(".svg")
STORY: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "latchkey new acme.reports -o reports.json",
        (
            "Nightly report exchange",
            "data-platform",
            "444455556666",
            "acme-4711-2026",
            "90d",
            "s3:northwind-report/acme:read-write",
            "s3:northwind-reports/acme:read-write",
            "secretsmanager:acme/reports-api:read",
            "",
        ),
    ),
    ("latchkey plan reports.json", ()),
    ("latchkey apply reports.json", ("y",)),
    ("latchkey renew acme.reports --for 180d", ("y",)),
    ("latchkey grants", ()),
)
"""The commands, and what is typed where they ask; the bucket is misspelled once."""

COLUMNS = 104
_LINE, _COMMAND = 0.12, 1.2
"""Seconds between two lines, and before a command."""

_FONTS = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)


def main() -> None:
    """Record anew."""
    with Sandbox() as box:
        prepare(box.url)
        recorded = record(box.url)
    CAST.write_text(cast(recorded), encoding="utf-8")
    PICTURE.write_text(picture(recorded), encoding="utf-8")
    for path in (CAST, PICTURE):
        print(path.relative_to(ROOT))


def record(url: str) -> list[str]:
    """What stands on the terminal when the story is told at the endpoint of a sandbox."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "HOME": folder,
            "LANG": "C.UTF-8",
            "LATCHKEY_ENDPOINT_URL": url,
            "COLUMNS": str(COLUMNS),
            "TERM": "xterm-256color",
        }
        return [
            shown
            for line, answers in STORY
            for shown in (
                f"\x1b[1m$ {line}\x1b[0m",
                *typed(line, answers, folder=Path(folder), variables=variables, columns=COLUMNS),
                "",
            )
        ][:-1]


def cast(recorded: Sequence[str]) -> str:
    """The recording as an asciicast (asciinema's file format, version 2)."""
    header = {"version": 2, "width": COLUMNS, "height": 40, "title": "latchkey"}
    events = [[at, "o", f"{line}\r\n"] for at, line in _timed(recorded)]
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in (header, *events))


def of_cast(text: str) -> list[str]:
    """The lines of a recording."""
    return [json.loads(event)[2].removesuffix("\r\n") for event in text.splitlines()[1:]]


def picture(recorded: Sequence[str]) -> str:
    """The recording as a picture, to be read at one's own pace.

    No font is fetched: a page that shows it asks nobody for anything.
    """
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    for line in recorded:
        console.print(Text.from_ansi(line))
    return console.export_svg(
        title="latchkey",
        theme=MONOKAI,
        code_format=_FONTS.sub("", CONSOLE_SVG_FORMAT),
        unique_id="latchkey",
    )


def _timed(recorded: Sequence[str]) -> Iterator[tuple[float, str]]:
    at = 0.0
    for line in recorded:
        at += _COMMAND if line.startswith("\x1b[1m$ ") else _LINE
        yield round(at, 2), line


if __name__ == "__main__":
    main()
