"""Files whose newest version was not granted, grants with findings, accounts not checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from latchkey.grants.record import GrantRecord
from latchkey.keys import STATE, file_partition
from latchkey_cli.aws.stack import Stack
from latchkey_cli.spokes.known import Spoke, not_checked

_REMEDY = "`latchkey spokes`; docs/runbook.md#accounts-that-cannot-be-checked"


@dataclass(frozen=True)
class Trouble:
    """One file, grant or account that needs a look; `at` is when that was found.

    `outcome` is `rejected` or `failed` of a file's newest version, `failed` or `findings` of a
    grant, `not checked` of an account. A problem is `{"path", "message"}`.
    """

    key: str | None
    grant: str | None
    outcome: str
    at: str
    reason: str
    problems: tuple[dict[str, str], ...]
    account: str | None = None
    remedy: str | None = None

    @property
    def name(self) -> str:
        """The file, with the grant that it names; a grant without a file, or an account."""
        if self.account:
            return f"account {self.account}"
        if not self.key:
            return str(self.grant)
        return f"{self.key} ({self.grant})" if self.grant else self.key

    def document(self) -> dict[str, Any]:
        """The same as JSON data."""
        return {**vars(self), "problems": [*self.problems]}


def troubles(stack: Stack, live: Iterable[GrantRecord]) -> list[Trouble]:
    """All of them, the oldest first; a grant that failed is not told of beside its file.

    `live` are the records of the grants on record.
    """
    files = [*_files(stack)]
    told = {one.grant for one in files if one.outcome == "failed"}
    found = (_of_grant(record) for record in live if record.status == "failed" or record.findings)
    grants = (one for one in found if one.grant not in told or one.problems)
    accounts = map(_of_account, not_checked(stack))
    return sorted([*files, *grants, *accounts], key=lambda one: (one.at, one.name))


def trouble_with(stack: Stack, key: str) -> Trouble | None:
    """What is wrong with the newest version of one file, if anything is."""
    found = stack.table.get(file_partition(key), STATE)
    return _of_file(found) if found else None


def _files(stack: Stack) -> Iterator[Trouble]:
    keys = [file.key for file in stack.live_grants.troubled()]
    found = (_of_file(item) for item in _items(stack, keys))
    yield from filter(None, found)


def _of_file(item: dict[str, Any]) -> Trouble | None:
    """A file by its item; one that was granted since is none."""
    if item.get("outcome") not in ("rejected", "failed"):
        return None
    grant = f"{item['partner']}.{item['grant']}" if item.get("partner") else None
    problems = tuple({"path": p["path"], "message": p["message"]} for p in item["problems"])
    at = f"{item['updated_at'][:19]}Z"
    return Trouble(
        item["config_key"], grant, item["outcome"], at, str(item.get("reason", "")), problems
    )


def _of_grant(record: GrantRecord) -> Trouble:
    outcome = "failed" if record.status == "failed" else "findings"
    problems = tuple({"path": p.path, "message": p.message} for p in record.findings)
    return Trouble(
        record.config_key, str(record.id), outcome, record.updated_at, record.reason, problems
    )


def _of_account(spoke: Spoke) -> Trouble:
    at = str(spoke.record.failed_at)
    return Trouble(None, None, "not checked", at, spoke.why, (), spoke.account, _REMEDY)


def _items(stack: Stack, keys: Iterable[str]) -> Iterator[dict[str, Any]]:
    wanted = ((file_partition(key), STATE) for key in keys)
    return stack.table.found("read files with problems", wanted)
