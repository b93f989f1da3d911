"""A command line without importing its libraries each time, which is half of what it costs.

A command that comes first on the path asks a process for a fork that runs the installed one. Lines
that change how Python reads or writes text run that itself.
"""

import atexit
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from shutil import rmtree

_PROCESS = Path(__file__).with_name("cli_process.py")
_PLAIN = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
_COMMAND = """#!{python} -IS
import marshal, os, socket, sys
if any(name.startswith(("PYTHON", "LC_")) for name in os.environ):
    os.execv({entry_point!r}, [{entry_point!r}, *sys.argv[1:]])
asked = socket.socket(socket.AF_UNIX)
asked.connect({address!r})
body = marshal.dumps((sys.argv[1:], dict(os.environ), os.getcwd()))
socket.send_fds(asked, [len(body).to_bytes(8)], [0, 1, 2])
asked.sendall(body)
status = asked.recv(1)
sys.exit(status[0] if status else 137)
"""


@cache
def folder_of_command(entry_point: Path, *libraries: str) -> Path:
    """The folder of a command that does what the entry point does; it is there until we end.

    `libraries` are what it imports besides the libraries of our command line.
    """
    folder = Path(tempfile.mkdtemp(prefix="latchkey-"))
    address, command = folder / "socket", folder / "bin" / entry_point.name
    process = subprocess.Popen(
        [sys.executable, "-P", str(_PROCESS), str(address), str(entry_point), *libraries],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # a pipe too: of a file, forks would expect that it can be sought
        env=_PLAIN,
    )
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    atexit.register(_end, process, folder)
    command.parent.mkdir()
    named = {"python": sys.executable, "entry_point": str(entry_point), "address": str(address)}
    command.write_text(_COMMAND.format(**named), encoding="utf-8")
    command.chmod(0o700)
    return command.parent


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    process.communicate()
    rmtree(folder)
