"""GitHub's REST API and its tokens, as far as the action needs them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

_PAGE = 100
_SECONDS = 30
_BOT = "github-actions[bot]"


class GitHub:
    """One repository, with the token of a run."""

    def __init__(self, api: str, repository: str, token: str) -> None:
        self._api = api.rstrip("/")
        self._repository = quote(repository)
        self._token = token

    def head(self, number: int) -> str:
        """The newest commit of a pull request (REST API, "Get a pull request")."""
        return str(self._call("GET", f"/repos/{self._repository}/pulls/{number}")["head"]["sha"])

    def comments(self, number: int) -> Iterator[dict[str, Any]]:
        """The comments on a pull request, the oldest first (REST API, "List issue comments")."""
        page = 1
        while found := self._call("GET", f"{self._comments(number)}?{_page(page)}"):
            yield from found
            if len(found) < _PAGE:
                return
            page += 1

    def comment(self, number: int, body: str) -> None:
        """Comment on a pull request (REST API, "Create an issue comment")."""
        self._call("POST", self._comments(number), {"body": body})

    def update(self, comment: int, body: str) -> None:
        """Give a comment another text (REST API, "Update an issue comment")."""
        self._call("PATCH", f"/repos/{self._repository}/issues/comments/{comment}", {"body": body})

    @property
    def login(self) -> str:
        """Whose token it is; that of a run is an app's, which may not ask (REST API, "Users")."""
        try:
            return str(self._call("GET", "/user")["login"])
        except HTTPError as error:
            if error.code in (401, 403, 404):
                return _BOT
            raise

    def _comments(self, number: int) -> str:
        return f"/repos/{self._repository}/issues/{number}/comments"

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        return _answer(f"{self._api}{path}", headers, data, method)


def identity_token(url: str, token: str, audience: str) -> str:
    """The run's OpenID Connect token for an audience.

    `url` and `token` are `ACTIONS_ID_TOKEN_REQUEST_URL` and `…_TOKEN` (GitHub docs, "OpenID Connect
    reference", "Methods for requesting the OIDC token").
    """
    joined = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode({'audience': audience})}"
    return str(_answer(joined, {"Authorization": f"Bearer {token}"})["value"])


def _answer(
    url: str, headers: Mapping[str, str], data: bytes | None = None, method: str = "GET"
) -> Any:
    """What the runner's own addresses answer, as JSON data."""
    if urlsplit(url).scheme not in ("https", "http"):
        raise URLError("not an address of the web")
    asked = Request(url, data, dict(headers), method=method)  # noqa: S310 (the scheme is known)
    with urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310
        return json.loads(answer.read() or b"null")


def _page(number: int) -> str:
    return urlencode({"per_page": _PAGE, "page": number})
