"""Commands run at a terminal of a given width, by somebody who types answers."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_ASKS = re.compile(r"(?:: |\]: )\Z")
_SECONDS = 60.0
_QUIET = 0.3
"""Seconds without a further character, after which a question is one."""

_ROWS = 60
_SEQUENCE = re.compile(r"\x1b\[(\??[0-9;]*)([A-Za-z])")


def typed(
    line: str, answers: Sequence[str], *, folder: Path, variables: Mapping[str, str], columns: int
) -> list[str]:
    """Run a line and answer its questions in order; what stands on the terminal afterwards.

    Raises
    ------
    SystemExit
        If the line fails, does not end, or asks for less or more than is answered.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, columns, 0, 0))
    running = subprocess.Popen(  # noqa: S603 (our own command)
        line.split(), cwd=folder, env=dict(variables), stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown, waiting = b"", list(answers)
    for portion in _portions(ours, time.monotonic() + _SECONDS):
        shown += portion
        if not portion and _ASKS.search(shown.decode("utf-8", "ignore")) and waiting:
            os.write(ours, f"{waiting.pop(0)}\n".encode())
    running.kill()  # only if it did not end in time
    os.close(ours)
    text = shown.decode()
    if running.wait() or waiting:
        raise SystemExit(f"{line}: exit status {running.returncode}, unasked {waiting}\n{text}")
    return seen(text)


def _portions(terminal: int, until: float) -> Iterator[bytes]:
    """What is printed as it comes; nothing where there is a pause."""
    while time.monotonic() < until:
        if not select.select([terminal], [], [], _QUIET)[0]:
            yield b""
            continue
        try:
            portion = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            return
        if not portion:
            return
        yield portion


def seen(text: str) -> list[str]:
    """The lines that stand there in the end, with their colors.

    Knows what a progress display does: it goes up, to the start of a line, and erases lines.
    """
    lines, row, at = [""], 0, 0
    while at < len(text):
        sequence = _SEQUENCE.match(text, at)
        if sequence and sequence[2] != "m":
            at = sequence.end()
            if sequence[2] == "A":
                row = max(0, row - int(sequence[1] or 1))
            elif sequence[2] == "K":
                lines[row] = ""
            continue
        part = sequence[0] if sequence else text[at]
        at += len(part)
        if part == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif part == "\r":
            lines[row] = lines[row] if text[at : at + 1] == "\n" else ""
        else:
            lines[row] += part
    return [line.rstrip() for line in lines[: len(lines) - (not lines[-1])]]
