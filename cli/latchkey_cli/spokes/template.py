"""The template for accounts that are to be granted in, as it comes with this command line."""

import re
from importlib.resources import files

NAME = "spoke.yaml"
LOGICAL_VERSION = "SpokeVersion"
_VERSION = re.compile(rf"^  {LOGICAL_VERSION}:\n(?:    .*\n)*?    Value: '([0-9]+)'$", re.MULTILINE)
_AT_FIRST = re.compile(r"^  Guardrails:\n(?:    .*\n)*?      Value: '(.+)'$", re.MULTILINE)
_HOME = re.compile(r"^    (aws[a-z-]*):\n      HomeRegion: (\S+)$", re.MULTILINE)


def template() -> str:
    """The text of spoke.yaml."""
    return files(__package__).joinpath(NAME).read_text(encoding="utf-8")


def current_version() -> int:
    """The version that the template gives its stacks (output `SpokeVersion`)."""
    found = _VERSION.search(template())
    assert found, f"{NAME} has no output {LOGICAL_VERSION}"
    return int(found[1])


def at_first() -> str:
    """The guardrails that the template gives an account."""
    found = _AT_FIRST.search(template())
    assert found, f"{NAME} has no guardrails"
    return found[1]


def home_region(partition: str) -> str | None:
    """The Region in which IAM's events of a partition are; None of one without."""
    return dict(_HOME.findall(template())).get(partition)
