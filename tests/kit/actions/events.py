"""Events of GitHub, as far as the action reads them."""

from typing import Any

MAIN = "refs/heads/main"


def pull_request(base: str, head: str, *, repository: str = "northwind/partners") -> dict[str, Any]:
    """The event of a pull request, as far as anybody reads it."""
    return {
        "action": "synchronize",
        "repository": {"default_branch": "main"},
        "pull_request": {
            "number": 7,
            "title": "$(touch pwned) `id` ::error::x",
            "user": {"login": "ada"},
            "base": {"sha": base},
            "head": {"sha": head, "ref": "$(touch pwned)", "repo": {"full_name": repository}},
        },
    }
