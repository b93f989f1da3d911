"""`python -m tools.reference.terminal_picture`: the command line in docs/images/terminal.svg.

The commands are run in a sandbox, as in the README's tour; the picture is what they printed.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from sandbox import Sandbox
from sandbox.samples import prepare
from tests.kit.repository import ROOT

PICTURE = ROOT / "docs/images/terminal.svg"
FILE = "events/configs/s3_folder_and_secret.json"
LINES = (
    f"latchkey validate {FILE}",
    f"latchkey plan {FILE}",
    f"latchkey apply {FILE} --yes",
    "latchkey grants",
)
_COLUMNS = 100
_SPINNER = re.compile(r"\s*[\u2800-\u28ff]")
"""A progress display is written over while a command waits; a picture would show each state."""

_FONTS = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)


def main() -> None:
    """Draw the picture anew."""
    console = Console(record=True, width=_COLUMNS, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    with Sandbox() as box:
        prepare(box.url)
        for line in LINES:
            console.print(Text(f"$ {line}", style="bold"))
            for shown in Text.from_ansi(_shown(line, box.url)).split():
                if not _SPINNER.match(shown.plain):
                    console.print(shown)
    # No font is fetched: a page that shows the picture asks nobody for anything.
    template = _FONTS.sub("", CONSOLE_SVG_FORMAT)
    PICTURE.parent.mkdir(exist_ok=True)
    console.save_svg(
        str(PICTURE), title="latchkey", theme=MONOKAI, code_format=template, unique_id="latchkey"
    )
    print(PICTURE.relative_to(ROOT))


def _shown(line: str, url: str) -> str:
    done = subprocess.run(  # noqa: S603 (our own command)
        line.split(),
        cwd=ROOT,
        env={
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(ROOT),
            "LANG": "C.UTF-8",
            "LATCHKEY_ENDPOINT_URL": url,
            "FORCE_COLOR": "1",
            "COLUMNS": str(_COLUMNS),
            "TERM": "xterm-256color",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    main()
