"""The result file for people: the same outcome as Markdown."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|&~-])")


def markdown(result: Mapping[str, Any]) -> str:
    """A result (DESIGN 2.3) as Markdown: what became of the file, and what to mend."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    grant = f"{result['partner']}.{result['grant']}" if result.get("grant") else "no grant"
    yield f"# {_plain(grant)}: {_plain(result['outcome'])}\n"
    yield f"{_plain(result['reason'])}\n"
    for problem in result.get("problems", []):
        yield f"- {_plain(problem['path'] or 'the whole file')}: {_plain(problem['message'])}"
    for line in result.get("summary", []):
        yield f"- {_plain(line['text'])}"


def _plain(text: object) -> str:
    """Text that Markdown takes for nothing but text."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))
