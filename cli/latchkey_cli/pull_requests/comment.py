"""The one comment on a pull request that has the plan, and is updated with each push."""

from collections.abc import Sequence

from latchkey_cli.pull_requests.github import GitHub

LONGEST = 65_536
"""Characters of a comment (GitHub's API refuses more: "body is too long")."""

_DETAILS = "\n\n<details"
"""Begins the plan of one file (`reports/changes_markdown.py`); no text of a file can begin so."""


def tell(hub: GitHub, number: int, marker: str, page: str, *, commit: str, needed: bool) -> str:
    """Write a page into the comment with a marker; answers in a word what was done.

    Only a comment of our own is updated: the marker is no secret, and whoever wrote a comment can
    change it later. A run that is no longer about the newest `commit` says nothing. A page that
    nobody needs makes no comment, but replaces what one says.
    """
    if hub.head(number) != commit:
        return "superseded"
    login = hub.login
    body = f"{marker}\n{page}"
    for comment in hub.comments(number):
        ours = (comment.get("user") or {}).get("login") == login
        if ours and str(comment.get("body") or "").startswith(marker):
            hub.update(int(comment["id"]), body)
            return "updated"
    if not needed:
        return "not needed"
    hub.comment(number, body)
    return "created"


def shortened(page: str, most: int, more: str) -> str:
    """A page of at most so many characters: the plans of some files less, and `more` at its end.

    The table of the files goes last; where even that is too long, it is cut.
    """
    head, *details = page.rstrip("\n").split(_DETAILS)
    parts = [head, *(f"{_DETAILS}{one}" for one in details)]
    end = f"\n\n{more}\n"
    if sum(map(len, parts)) + len(end) <= most:
        return "".join([*parts, end])
    left = _fitting(parts, most - len(end) - len(_CUT))
    return "".join([*left, _CUT, end])


_CUT = "\n\n**Not everything is shown here.**"


def _fitting(parts: Sequence[str], most: int) -> list[str]:
    head = parts[0]
    if len(head) > most:
        return [head[:most].rpartition("\n")[0]]
    kept, room = [head], most - len(head)
    for part in parts[1:]:
        if len(part) <= room:
            kept.append(part)
            room -= len(part)
    return kept
