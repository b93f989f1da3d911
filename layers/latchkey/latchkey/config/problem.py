"""What is wrong with a config, where, and what to write instead."""

import json
from collections.abc import Iterable
from itertools import accumulate

from latchkey.frozen import Ordered
from latchkey.newer_python import replace

MOST = 100
"""The most problems in one result."""

PROBLEMS = 65_536
"""Bytes of JSON that all problems of one result have at most."""

_LONGEST_PART = 128
_LONGEST_MESSAGE = 1_000


class Problem(Ordered):
    """One fault of a config.

    `path` is a JSON pointer (RFC 6901) into the config; the empty pointer is the whole document.
    `message` is a sentence for the person who wrote the file.
    """

    path: str
    message: str


class ConfigRejected(Exception):
    """Carries all problems of a config at once, from the check that found them to the report.

    It is not a `LatchkeyError`: a rejected config is an outcome, and never ends a run as an error.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = _bounded(sorted(set(problems)))
        super().__init__("; ".join(f"{p.path or '(document)'}: {p.message}" for p in self.problems))


def pointer(parts: Iterable[str | int]) -> str:
    """The JSON pointer of a path of keys and indexes (RFC 6901: `~` is `~0`, `/` is `~1`).

    A key longer than any that a config may have is cut.
    """
    shown = (_cut(str(part), _LONGEST_PART) for part in parts)
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in shown)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def _bounded(problems: list[Problem]) -> tuple[Problem, ...]:
    first = [replace(p, message=_cut(p.message, _LONGEST_MESSAGE)) for p in problems[:MOST]]
    sizes = accumulate(len(json.dumps(problem.document())) for problem in first)
    kept = [p for p, size in zip(first, sizes, strict=True) if size <= PROBLEMS]
    if len(kept) == len(problems):
        return tuple(kept)
    more = Problem("", f"and {len(problems) - len(kept)} more problems; mend these first")
    return (*kept, more)
