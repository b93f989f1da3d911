"""README's recorded session is what the commands print today, up to dates and times."""

import re

import pytest

from sandbox import Sandbox
from sandbox.samples import prepare
from tools.reference.session import CAST, of_cast, record

pytestmark = pytest.mark.e2e

_VARIES = (
    (re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d)?(Z| UTC)?"), "DATE"),
    (re.compile(r"90 days( \d+ \w+)*"), "90 days and some"),
    (re.compile(r"in 1[78]\d days"), "in half a year"),
)


def _alike(lines: list[str]) -> list[str]:
    for pattern, word in _VARIES:
        lines = [pattern.sub(word, line) for line in lines]
    return [re.sub(r" {2,}", "  ", line) for line in lines]


def test_session_is_what_the_commands_print() -> None:
    with Sandbox() as box:  # of its own: what lies in the samples' bucket is listed
        prepare(box.url)
        today = record(box.url)
    recorded = of_cast(CAST.read_text(encoding="utf-8"))
    assert _alike(today) == _alike(recorded), "make docs-images records it anew"
