"""A config file in the grant table: its last outcome, and the grants that it stands for."""

from typing import Any

from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.author import Author


class FileRecord(Frozen):
    """A config file as earlier runs recorded it; `item` is None where no run has read it.

    `author` wrote the version that this run has read, by what S3 told.
    """

    item: dict[str, Any] | None = None
    author: Author | None = None

    @property
    def version(self) -> str | None:
        """The version of the file that the last run recorded."""
        return (self.item or {}).get("config_version")

    @property
    def grants(self) -> frozenset[GrantId]:
        """The grants that the file may have given access by, and that are not known to have ended.

        All of them have to be checked when the file changes.
        """
        names = (self.item or {}).get("grants") or ()
        return frozenset(filter(None, map(GrantId.parse, names)))

    @property
    def named(self) -> GrantId | None:
        """The grant that the file named when it was last read, or None when it never named one.

        While the first run for a file is at work, nothing is recorded yet but what it is about
        to do.
        """
        if self.item and "partner" in self.item:
            return GrantId(self.item["partner"], self.item["grant"])
        return min(self.grants, default=None)

    def rejected(self, version: str | None) -> bool:
        """Whether the last run rejected this very version."""
        outcome = (self.item or {}).get("outcome")
        return version is not None and self.version == version and outcome == "rejected"

    def settled_at(self, version: str | None, grant: GrantId | None) -> str | None:
        """When the last run was planned, if it did all there was to do for a version and its grant.

        A time with microseconds (`times.stamp`).
        """
        item = self.item
        if item is None or not version or self.version != version or self.named != grant:
            return None
        wanting = item["outcome"] == "failed" or (
            item["outcome"] != "rejected" and bool(item["problems"])
        )
        return None if wanting or not self.grants <= {grant} else str(item["updated_at"])
