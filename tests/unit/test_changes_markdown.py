"""The page of a pull request: what it says first, and that nothing in it acts or notifies."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from latchkey.reports.changes_markdown import ChangedFile, changes_page, quiet
from latchkey.reports.markdown_text import code, plain
from tests.kit.documented.result import example_result

_render = MarkdownIt("commonmark", {"html": True}).enable(["table"]).render


def _file(path: str = "partners/a.json", what: str = "changed", **changes: Any) -> ChangedFile:
    result = {**example_result(), "outcome": "planned", **changes}
    return ChangedFile(path, what, "acme.main", result)


def _headline(*files: ChangedFile) -> str:
    return changes_page(files).splitlines()[0]


def test_the_first_line_says_the_worst() -> None:
    wider = _file(widens=True)
    none = _file(widens=False, changes=[], summary=[])
    bad = ChangedFile("b.json", "added", None, None, (("1:1", "not JSON"),))
    assert _headline() == "## Latchkey: no config file changes"
    assert _headline(none) == "## Latchkey: nothing widens access"
    assert _headline(none, wider) == "## Latchkey: 1 file would **widen access**"
    assert _headline(none, wider, bad).endswith(
        "1 file would be **rejected**; nothing would be applied"
    )
    failed = _file(outcome="failed")
    assert "**rejected**" in _headline(failed)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"widens": True}, "**widens access**"),
        ({"widens": True, "summary": [{"effect": "ends", "text": "ends"}]}, "**access ends**"),
        ({"widens": False, "summary": [{"effect": "narrows", "text": "x"}]}, "only narrows access"),
        ({"widens": False, "summary": [{"effect": "changes", "text": "x"}]}, "changes"),
        ({"changes": []}, "nothing would change"),
        (
            {"widens": True, "awaits": [{"group": "security", "needed": 2, "given": []}]},
            "**widens access**, waits for approval by 2 of security (0 so far)",
        ),
    ],
)
def test_the_table_says_what_becomes_of_each_file(changes: dict[str, Any], said: str) -> None:
    page = changes_page([_file(**changes)])
    row = next(line for line in page.splitlines() if line.startswith("| `partners/a.json`"))
    assert row.endswith(f"| changed: {said} |")


_ACTS = [
    "@octocat", "@org/team", "#1", "owner/repo#1", "GH-1", "`@octocat`", "\\@octocat", "``#1",
    "</details><script>x</script>", "</code>@octocat`", "![x](https://evil.example)",
    "https://evil.example", "a\n## b\n@octocat", "::set-output name=x::y", "$(id)", "<!-- @x -->",
]  # fmt: skip


def _texts(html: str) -> list[str]:
    """The pieces of text of a page, as a reader of mentions gets them: without code, and parted."""
    without = re.sub(r"(?s)<(code|pre)\b.*?</\1>", "\0", html)
    return re.split(r"<[^>]*>|\0", without)


def _notifies(html: str) -> bool:
    return any(re.search(r"@\w|(?<!&)#\d|GH-\d", text) for text in _texts(html))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_ACTS), min_size=1, max_size=4).map(" ".join))
def test_no_text_notifies_links_or_ends_what_it_stands_in(text: str) -> None:
    page = changes_page(
        [
            _file(
                f"partners/{text}.json", reason=text, summary=[{"effect": "widens", "text": text}]
            ),
            ChangedFile(text, "added", None, None, (("1:1 /" + text, text),), text),
            ChangedFile(text, "removed", "acme.x", None, note=text),
        ]
    )
    html = _render(page)
    assert not _notifies(html)
    assert not re.search(r"<(a|img|script)\b", html)
    assert html.count("<details") == html.count("</details>") == 3
    assert "<h2>b" not in html


def test_what_is_code_stays_as_it_is() -> None:
    assert quiet(code("a@b \\@c #1")) == code("a@b \\@c #1")
    assert quiet(plain("a@b #1")) == "a@<wbr>b #<wbr>1"
    assert quiet('```diff\n+ "a@b"\n```') == '```diff\n+ "a@b"\n```'
    assert quiet("\\` @") == "\\` @"


def test_no_external_id_is_told() -> None:
    secret = "very-secret-4711"
    page = changes_page([_file(external_id=secret, reason=f"was {secret}", external_ids=[secret])])
    assert secret not in page
