"""What a pull request would change, in Markdown: a table of its files, then the plan of each.

It is written where anybody's text may stand beside that of others (comments, job summaries), so no
text in it notifies or links: neither `@somebody` nor `#1`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from latchkey.frozen import Frozen
from latchkey.grants.pending import awaited
from latchkey.reports import html_text
from latchkey.reports.markdown_text import code, plain, table
from latchkey.reports.result_markdown import markdown
from latchkey.reports.summary.effects import only_narrows

_QUIET = re.compile(r"(?s)\\([@#])|\b(GH-)(?=\d)|(\\.|(`+)(?!`).*?(?<!`)\4(?!`))")
"""An escaped `@` or `#`; `GH-1`; and what is left as it is, escapes and code among them."""


_NO_FILES = "no config file changes"


class ChangedFile(Frozen):
    """A file of a pull request: its path, what was done with it, and what would become of that.

    `result` is that of a dry run (docs/results.md), already without external IDs; None where there
    is none to make. `problems` are pairs of a place (`line:column`, and a JSON pointer) and a text.
    """

    path: str
    what: str
    grant: str | None = None
    result: Mapping[str, Any] | None = None
    problems: tuple[tuple[str, str], ...] = ()
    note: str = ""


def changes_page(files: Sequence[ChangedFile]) -> str:
    """The page for a pull request; it ends in a line break."""
    parts = [f"## Latchkey: {_verdict(files)}"]
    if files:
        rows = [[code(one.path), plain(one.grant or ""), _in_short(one)] for one in files]
        parts.append(table(["file", "grant", "what would happen"], rows))
    parts += map(_details, files)
    return quiet("\n\n".join(parts)) + "\n"


def is_about_files(page: str) -> bool:
    """Whether a page is about any file at all."""
    return _NO_FILES not in page.partition("\n")[0]


def _verdict(files: Sequence[ChangedFile]) -> str:
    if not files:
        return _NO_FILES
    refused = sum(map(_refused, files))
    if refused:
        return f"{_counted(refused)} would be **rejected**; nothing would be applied"
    wider = sum(1 for one in files if one.result and one.result.get("widens"))
    return f"{_counted(wider)} would **widen access**" if wider else "nothing widens access"


def _counted(files: int) -> str:
    return "1 file" if files == 1 else f"{files} files"


def _refused(one: ChangedFile) -> bool:
    outcome = one.result.get("outcome") if one.result else None
    return bool(one.problems) or outcome in ("rejected", "failed")


def _in_short(one: ChangedFile) -> str:
    if _refused(one):
        count = len(one.problems) or 1
        return f"{one.what}: **rejected**, {count} problem{'s' * (count != 1)}"
    if one.result is None:
        return f"{one.what}: {plain(one.note)}"
    if not one.result.get("changes"):
        return f"{one.what}: nothing would change"
    lines: Sequence[Mapping[str, str]] = one.result.get("summary") or ()
    if any(line["effect"] == "ends" for line in lines):
        return f"{one.what}: **access ends**"
    if one.result.get("widens"):
        needs = ", ".join(plain(str(need)) for need in awaited(one.result))
        waits = f", waits for approval by {needs}" if needs else ""
        return f"{one.what}: **widens access**{waits}"
    return f"{one.what}: {'only narrows access' if only_narrows(lines) else 'changes'}"


def _details(one: ChangedFile) -> str:
    """One file, folded unless somebody has to look at it."""
    look = _refused(one) or bool(one.result and one.result.get("changes"))
    body = "\n\n".join(_body(one))
    summary = html_text.code(one.path).replace("`", "&#96;").replace("\\", "&#92;")
    return f"<details{' open' * look}><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _body(one: ChangedFile) -> Iterator[str]:
    if one.note:
        yield plain(one.note)
    if one.problems:
        yield "\n".join(f"- {code(place)} {plain(text)}" for place, text in one.problems)
    elif one.result is not None:
        yield markdown(one.result).strip()


def quiet(text: str) -> str:
    """Markdown of ours in which nothing that is shown as text notifies somebody or refers to.

    GitHub looks for mentions and references in what it has rendered, where an escape is gone; it
    leaves code alone, and what an element parts. `<wbr>` shows nothing, and is not copied (GitHub
    docs, "Basic writing and formatting syntax"; html-pipeline, `MentionFilter`).
    """
    return _QUIET.sub(_parted, text)


def _parted(found: re.Match[str]) -> str:
    sign, reference, kept, _ = found.groups()
    return str(kept) if kept else f"{sign or reference}<wbr>"
