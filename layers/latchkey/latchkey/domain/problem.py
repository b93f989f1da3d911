"""What is wrong with a config, where, and what to write instead."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

MOST = 100
"""Problems told at once: Step Functions carries 262,144 bytes, and no one reads more."""

_LONGEST_PART = 128


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of a config.

    `path` is a JSON pointer (RFC 6901) into the config; the empty pointer is the whole document.
    `message` is a sentence for the person who wrote the file.
    """

    path: str
    message: str

    def document(self) -> dict[str, str]:
        """The problem as it stands in result files: `{"path": …, "message": …}`."""
        return asdict(self)


class ConfigRejected(Exception):
    """Carries all problems of a config at once, from whoever found them to whoever reports them.

    It is not a `LatchkeyError`: a rejected config is an outcome, and never ends a run as an error.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = _bounded(sorted(set(problems)))
        super().__init__("; ".join(f"{p.path or '(document)'}: {p.message}" for p in self.problems))


def pointer(parts: Iterable[str | int]) -> str:
    """The JSON pointer of a path of keys and indexes (RFC 6901: `~` is `~0`, `/` is `~1`).

    A key longer than any that a config may have is cut.
    """
    return "".join("/" + _short(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _short(part: str | int) -> str:
    text = str(part)
    return text if len(text) <= _LONGEST_PART else f"{text[:_LONGEST_PART]}…"


def _bounded(problems: list[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= MOST:
        return tuple(problems)
    more = Problem("", f"and {len(problems) - MOST} more problems; mend these first")
    return (*problems[:MOST], more)
