"""The wheel of the command line, and the requirements that install it by hash.

`pip install --require-hashes -r latchkey-VERSION-requirements.txt`, in the folder of the wheel,
installs exactly what was tested.
"""

import subprocess
import sys
from pathlib import Path

from latchkey import __version__
from tools.release.checksums import digest
from tools.release.sources import environment

LOCK = "requirements/cli.txt"


def build(tree: Path, folder: Path) -> list[Path]:
    """Build the wheel from the sources; answers its path and that of the requirements."""
    words = ["wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", "pip", *words, "--wheel-dir", str(folder.resolve()), "."],
        cwd=tree,
        env=environment(),
        umask=0o022,  # the wheel has the modes of the files that are written for it
        check=True,
    )
    wheel = folder / f"latchkey-{__version__}-py3-none-any.whl"
    requirements = folder / f"latchkey-{__version__}-requirements.txt"
    locked = (tree / LOCK).read_text(encoding="utf-8")
    own = f"./{wheel.name} \\\n    --hash=sha256:{digest(wheel)}\n"
    requirements.write_text(locked + own, encoding="utf-8")
    return [wheel, requirements]
