"""`python -m tools.release [FOLDER]`: builds the release into `dist/`, or into the folder.

The wheel of the command line, with the requirements that pip installs it by; the application, built
and ready to deploy; a bill of materials; the checksums of all of them.
"""

import sys
import tempfile
from pathlib import Path

from latchkey import __version__
from tools.release import application, sbom, sources, wheel
from tools.release.checksums import write_checksums


def main(folder: Path) -> None:
    """Build all of it; the folder holds nothing else afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name != "SHA256SUMS" and not old.name.startswith("latchkey-"):
            raise SystemExit(f"{old} is of no release; name a folder of its own")
        old.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        tree = sources.copied(Path(scratch) / "latchkey")
        made = [
            *wheel.build(tree, folder),
            application.build(tree, folder),
            sbom.write(tree, folder),
        ]
    for path in [*made, write_checksums(folder, made)]:
        print(f"{path.stat().st_size:>10,}  {path}")
    if changed := sources.uncommitted():
        print(f"latchkey {__version__}, but for a trial: {len(changed)} files are not committed")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "dist"))
