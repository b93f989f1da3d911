"""The application: the built template with its functions, layers and workflows, in one zip file.

Neither `sam build` nor Python is needed to deploy it. In the folder that it was unpacked into, `sam
deploy --guided` takes it as it is, and `aws cloudformation package` makes of it the template that
`aws cloudformation deploy` takes. Both upload what the template names below `artifacts/`, zip files
as they are (AWS CLI reference, "cloudformation package"; SAM developer guide, "sam package"), so
that the checksums in the bucket are those of the release.
"""

import re
import subprocess
import sys
from pathlib import Path

from latchkey import __version__
from tools.release.archive import contents, zipped
from tools.release.sources import environment, epoch

_BUILT = re.compile(r"^(\s+(?:CodeUri|ContentUri): )(\w+)$", re.MULTILINE)
_WORKFLOW = re.compile(r"^(\s+DefinitionUri: )\S*?(statemachine/\S+)$", re.MULTILINE)
_DESCRIPTION = re.compile(r"^(Description: '?Latchkey)\b", re.MULTILINE)


def build(tree: Path, folder: Path) -> Path:
    """Build the application from the sources, and pack it."""
    built = tree / "build"
    subprocess.run(  # noqa: S603 (our own command)
        [Path(sys.executable).with_name("sam"), "build", "--build-dir", str(built)],
        cwd=tree,
        env={**environment(), "PYTHON": sys.executable, "SAM_CLI_TELEMETRY": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    written = folder / f"latchkey-{__version__}-aws.zip"
    written.write_bytes(packed(built, tree, epoch()))
    return written


def packed(built: Path, tree: Path, time: int) -> bytes:
    """The zip file of what `sam build` made, with what else a deployment needs of the sources."""
    template = (built / "template.yaml").read_text(encoding="utf-8")
    parts = sorted({found[2] for found in _BUILT.finditer(template)})
    archives = {f"artifacts/{name}.zip": zipped(contents(built / name), time) for name in parts}
    workflows = [found[2] for found in _WORKFLOW.finditer(template)]
    others = {
        name: (tree / name).read_bytes() for name in ("LICENSE", "samconfig.toml", *workflows)
    }
    return zipped({"template.yaml": released(template).encode(), **archives, **others}, time)


def released(template: str) -> str:
    """The built template as it stands in the zip file; its description says which release it is."""
    template = _BUILT.sub(r"\1artifacts/\2.zip", template)
    template = _WORKFLOW.sub(r"\1\2", template)
    return _DESCRIPTION.sub(rf"\g<1> {__version__}", template, count=1)
