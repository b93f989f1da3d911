"""What a release is made of, as far as nothing has to be built for it."""

import json
import re
import tomllib
import zipfile
from io import BytesIO

import pytest

from latchkey import __version__
from tests.kit.repository import ROOT
from tools.release.application import released
from tools.release.archive import zipped
from tools.release.sbom import PARTS, document, locked

LOCKS = {part: (ROOT / path).read_text(encoding="utf-8") for part, path in PARTS.items()}
SBOM = document(LOCKS, 1_700_000_000)


def test_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"] == {"version": {"attr": "latchkey.__version__"}}
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_archive_depends_on_its_contents_only() -> None:
    files = {"b/c": b"\x00" * 10_000, "a": b"text"}
    backwards = dict(reversed(files.items()))
    assert zipped(files, 1_700_000_000) == zipped(backwards, 1_700_000_000)
    with zipfile.ZipFile(BytesIO(zipped(files, 1_700_000_000))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert {entry.date_time for entry in archive.infolist()} == {(2023, 11, 14, 22, 13, 20)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


def test_released_template_names_what_is_in_the_archive() -> None:
    built = (
        "Description: 'Latchkey: access, and\n  more'\nResources:\n  A:\n"
        "    CodeUri: PlanFunction\n"
        "    DefinitionUri: ../../x/statemachine/a.asl.json\n    ContentUri: OurLayer\n"
    )
    assert released(built) == (
        f"Description: 'Latchkey {__version__}: access, and\n  more'\nResources:\n  A:\n"
        "    CodeUri: artifacts/PlanFunction.zip\n"
        "    DefinitionUri: statemachine/a.asl.json\n    ContentUri: artifacts/OurLayer.zip\n"
    )


@pytest.mark.parametrize("part", PARTS)
def test_bill_has_each_distribution_of_a_lock_with_its_hashes(part: str) -> None:
    listed = {c["bom-ref"]: c for c in SBOM["components"] if c["type"] == "library"}
    pinned = re.findall(r"^([\w.-]+)==([^ ;\\]+)", LOCKS[part], re.MULTILINE)
    assert len(pinned) > 5
    for name, version in pinned:
        component = listed[f"pkg:pypi/{name}@{version}"]
        assert {"name": "latchkey:part", "value": part} in component["properties"]
    for one in locked(LOCKS[part]):
        digests = {found["content"] for found in listed[one.ref]["hashes"]}
        assert len(one.hashes) >= 1
        assert {*one.hashes} <= digests
    assert len(LOCKS[part].split("--hash=")) - 1 == sum(len(x.hashes) for x in locked(LOCKS[part]))


def test_bill_is_whole() -> None:
    """As CycloneDX 1.6 asks: references are unique, and name what is there."""
    refs = [c["bom-ref"] for c in SBOM["components"]] + [SBOM["metadata"]["component"]["bom-ref"]]
    assert len(refs) == len({*refs})
    dependencies = {found["ref"]: found["dependsOn"] for found in SBOM["dependencies"]}
    assert dependencies.keys() == {*refs}
    reached, waiting = set[str](), [SBOM["metadata"]["component"]["bom-ref"]]
    while waiting:
        reached.add(ref := waiting.pop())
        waiting += [each for each in dependencies[ref] if each not in reached]
    assert reached == {*refs}, "each component is there for a reason"
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", SBOM["serialNumber"])
    assert document(LOCKS, 1_700_000_000) == json.loads(json.dumps(SBOM))


def test_windows_colours_are_optional() -> None:
    (found,) = [c for c in SBOM["components"] if c["name"] == "colorama"]
    assert found["scope"] == "optional"
