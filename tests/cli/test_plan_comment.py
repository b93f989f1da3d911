"""The comment with the plan: whose it is, when it is written, and how long it may be."""

from collections.abc import Iterator

import pytest

from latchkey.reports.changes_markdown import ChangedFile, changes_page
from latchkey_cli.pull_requests.comment import LONGEST, shortened, tell
from latchkey_cli.pull_requests.github import GitHub, identity_token
from tests.kit.actions.fake_github import BOT, FakeGitHub, fake_github
from tests.kit.documented.result import example_result

MARKER = "<!-- plan -->"


@pytest.fixture
def hub() -> Iterator[FakeGitHub]:
    """GitHub's API, with a pull request at commit `new`."""
    with fake_github() as made:
        made.head = "new"
        yield made


def _tell(hub: FakeGitHub, page: str = "page", commit: str = "new", needed: bool = True) -> str:
    client = GitHub(hub.url, "northwind/partners", "run-token")
    return tell(client, 7, MARKER, page, commit=commit, needed=needed)


def test_it_is_made_once_and_updated(hub: FakeGitHub) -> None:
    assert [_tell(hub, "one"), _tell(hub, "two")] == ["created", "updated"]
    assert [comment["body"] for comment in hub.comments] == [f"{MARKER}\ntwo"]


def test_a_comment_of_somebody_else_with_our_marker_is_left_alone(hub: FakeGitHub) -> None:
    hub.said("mallory", f"{MARKER}\nnothing widens access")
    hub.said("github-actions", f"{MARKER}\nnearly")
    hub.said(BOT, f"quoted: {MARKER}")
    assert _tell(hub) == "created"
    assert [comment["body"] for comment in hub.comments][:3] == [
        f"{MARKER}\nnothing widens access",
        f"{MARKER}\nnearly",
        f"quoted: {MARKER}",
    ]


def test_a_run_of_an_older_commit_says_nothing(hub: FakeGitHub) -> None:
    assert (_tell(hub, commit="old"), hub.comments) == ("superseded", [])


def test_what_nobody_needs_only_replaces_what_was_said(hub: FakeGitHub) -> None:
    assert (_tell(hub, needed=False), hub.comments) == ("not needed", [])
    _tell(hub, "plan")
    assert _tell(hub, "no config file changes", needed=False) == "updated"


def test_ours_is_found_on_any_page(hub: FakeGitHub) -> None:
    for number in range(250):
        hub.said("ada", str(number))
    assert [_tell(hub, "one"), _tell(hub, "two")] == ["created", "updated"]


@pytest.mark.parametrize("files", [1, 40, 2_000])
def test_a_long_plan_is_cut_between_files_and_says_so(files: int) -> None:
    result = {**example_result(), "policy_difference": ["+ x" * 200] * 20}
    changed = [ChangedFile(f"partners/{n}.json", "added", "a.b", result) for n in range(files)]
    page = changes_page(changed)
    told = shortened(page, LONGEST, "[This run](https://github.example)")
    assert len(told) <= LONGEST
    assert told.count("<details") == told.count("</details>")
    assert ("Not everything is shown here" in told) is (len(page) > LONGEST)
    assert told.endswith("[This run](https://github.example)\n")


def test_an_identity_token_is_asked_for_an_audience_of_web_addresses_only(hub: FakeGitHub) -> None:
    for url in (f"{hub.url}/token", f"{hub.url}/token?api-version=2"):
        assert identity_token(url, "t", "a b&c") == "token for a b&c by t"
    with pytest.raises(OSError, match="not an address"):
        identity_token("file:///etc/passwd", "t", "a")
