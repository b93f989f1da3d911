"""Results for people: the outcome first, then the risk; whatever anybody wrote stays text."""

import html as entities
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from latchkey.reports.markdown_text import code, fenced, plain, table
from latchkey.reports.result_markdown import markdown
from tests.kit.documented.result import example_result

_html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render

REJECTED = {
    "outcome": "rejected",
    "reason": "the config is not valid",
    "partner": "acme",
    "grant": "reports",
    "problems": [
        {"path": "/access/0/bucket", "message": "there is no bucket 'a|b`c'\n- <b>look</b>"},
        {"path": "", "message": "see https://evil.example and [click](//x) or *mail* me@x.example"},
        {"path": "/tags/a`b|c\\", "message": "1. not a list; # no heading"},
    ],
    "changes": [],
    "summary": [],
    "config_bucket": "configs",
    "config_key": "partners/a|b`/x y.json",
    "config_version": "v1",
}
REJECTED_PAGE = r"""# acme.reports: rejected

The config was rejected. Nothing was changed.

Reason: the config is not valid

## Problems

- `/access/0/bucket`: there is no bucket 'a\|b\`c' - \<b\>look\</b\>
- `(whole document)`: see https\://evil.example and \[click\](//x) or \*mail\* me\@x.example
- ``/tags/a`b|c\``: 1\. not a list; \# no heading

## Evidence

| what |  |
| --- | --- |
| file | ``s3://configs/partners/a\|b`/x y.json`` |
| version | `v1` |
"""
SUSPENDED = {
    "outcome": "suspended",
    "reason": "incident 12_34_",
    "partner": "acme",
    "grant": "main",
    "problems": [],
    "summary": [
        {"effect": "narrows", "text": "suspends: everything is denied at once"},
        {"effect": "none", "text": "changes the description"},
    ],
    "widens": False,
    "policy_difference": ["--- permissions policy before", "+``` permissions", "+x\u2028y\x07"],
    "allows": [],
    "drift": ["the inline policy a|b had been added"],
    "changes": [{"action": "PutRolePolicy"}, {"action": "UpdateRole"}],
    "role_arn": "arn:aws:iam::123456789012:role/partners/partner-acme.main",
    "expires_at": "2030-01-01T00:00:00Z",
    "verified": {"role": "as planned", "read_at": "2029-01-01T00:00:00Z"},
    "checks": [
        {"check": "role read back", "result": "passed", "details": []},
        {"check": "ValidatePolicy", "result": "findings", "details": ["SUGGESTION: a|b"]},
    ],
    "late_seconds": 0,
}
SUSPENDED_PAGE = r"""# acme.main: suspended

The grant is suspended: its role may do nothing.

Reason: incident 12\_34\_

This only narrows access.

## What changed

- narrows: suspends: everything is denied at once
- changes the description

## What had been changed by hand

- the inline policy a\|b had been added

## Policy difference

````diff
--- permissions policy before
+``` permissions
+x‹U+2028›y‹U+0007›
````

## Evidence

| what |  |
| --- | --- |
| role | `arn:aws:iam::123456789012:role/partners/partner-acme.main` |
| ends | `2030-01-01T00:00:00Z` |
| changes | `PutRolePolicy, UpdateRole` |
| read back | `role as planned, read_at 2029-01-01T00:00:00Z` |
| seconds from expiry to removal | `0` |

| check | result |
| --- | --- |
| role read back | passed |
| ValidatePolicy | findings; SUGGESTION: a\|b |
"""


@pytest.mark.parametrize(
    ("result", "page"), [(REJECTED, REJECTED_PAGE), (SUSPENDED, SUSPENDED_PAGE)]
)
def test_page_of_a_result(result: dict[str, Any], page: str) -> None:
    assert markdown(result) == page


def test_hostile_texts_are_shown_and_do_nothing() -> None:
    shown = _html(markdown(REJECTED))
    for tag in ("<b>", "<a ", "<em>", "<h3>", "<ol>"):
        assert tag not in shown
    assert "<code>s3://configs/partners/a|b`/x y.json</code>" in shown
    assert shown.count("<li>") == 3
    assert "there is no bucket 'a|b`c' - &lt;b&gt;look&lt;/b&gt;" in shown


def test_widening_stands_before_everything_else() -> None:
    page = markdown(example_result())
    assert "\n\n**This would widen access.**\n\n## What would change\n\n- **widens**:" in page
    done = markdown({**example_result(), "outcome": "updated"})
    assert "**This widens access.**\n\n## What changed" in done
    failed = markdown({**example_result(), "outcome": "failed"})
    assert "**This would widen access.**\n\n## What was to change" in failed


def test_an_external_id_is_only_in_the_difference_of_a_trust_policy() -> None:
    result = {**example_result(), "policy_difference": []}
    assert result["external_id"] not in markdown(result)


@pytest.mark.parametrize("outcome", ["created", "planned", "expired", "unheard", ""])
def test_a_result_that_lacks_fields_has_a_page(outcome: str) -> None:
    assert markdown({"outcome": outcome}).startswith(f"# workflow input: {outcome}")
    assert markdown({}).startswith("# workflow input: unknown")


_hostile = st.text("\\`|*_[]()<>#&!~$@:/w.-+=1 \n\tab", max_size=20)


@given(_hostile)
def test_plain_text_renders_as_itself(text: str) -> None:
    expected = " ".join(text.split())
    assert _text(_html(f"x {plain(text)}")) == f"x {expected}".strip()
    assert _text(_html(f"- {plain(text)}")) == expected


@given(_hostile, _hostile)
def test_cells_hold_what_they_are_given(one: str, other: str) -> None:
    shown = _html(table(["a", "b"], [[plain(one), code(other)]]))
    assert shown.count("<td") == 2
    assert _text(shown.split("<td>")[1].split("</td>")[0]) == " ".join(one.split())


@given(st.lists(_hostile))
def test_no_line_ends_a_block(lines: list[str]) -> None:
    shown = _html(fenced("diff", lines))
    assert shown.startswith('<pre><code class="language-diff">') and shown.count("<pre>") == 1
    assert shown.endswith("</code></pre>\n")


def _text(html: str) -> str:
    """The text of a page without its tags, white space as one space."""
    return " ".join(entities.unescape(re.sub(r"<[^>]*>", "", html)).split())


def test_plan_has_what_the_partner_may_ask_for_first() -> None:
    needs = [{"what": "role ARN", "value": "arn:aws:iam::123456789012:role/partners/x|y"}]
    page = markdown({"outcome": "rejected", "config_key": "k", "partner_needs": needs})
    assert "## What the partner may ask for first" in page
    assert r"| role ARN | `arn:aws:iam::123456789012:role/partners/x\|y` |" in page


@pytest.mark.parametrize("outcome", ["planned", "pending_approval", "rejected"])
def test_what_was_not_done_is_not_told_as_done(outcome: str) -> None:
    page = markdown({**example_result(), "outcome": outcome, "widens": True})
    for told in (
        "This would widen access.",
        "## What would change",
        "## What the role would allow",
    ):
        assert told in page
