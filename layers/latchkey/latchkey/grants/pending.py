"""What waits for approval, as records and results have it."""

from collections.abc import Mapping
from typing import Any

from latchkey.frozen import Frozen


class Pending(Frozen):
    """A change that waits for approval: of which digest, from which version, since when.

    `since` is S3's own time of the run that found it (`times.instant`): only approvals that came
    later count. `external_id` is one that Latchkey made for it, which the digest is about.
    `rejected_by` is who of the group rejected it: its version stays rejected, also where resources
    change and it is of another digest.
    """

    digest: str
    version: str | None
    since: str
    groups: tuple[str, ...] = ()
    external_id: str | None = None
    rejected_by: str | None = None

    def is_for(self, digest: str, version: str | None) -> bool:
        """Whether it is of this desired state, asked for by this version of the file."""
        return (self.digest, self.version) == (digest, version)

    def rejection_of(self, version: str | None) -> str | None:
        """Who rejected a version of the file, if somebody has."""
        return self.rejected_by if self.version == version else None


class GroupNeed(Frozen):
    """How many people of a group have to approve, and who has."""

    group: str
    needed: int
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.needed} of {self.group} ({len(self.given)} so far)"


def awaited(result: Mapping[str, Any]) -> list[GroupNeed]:
    """Who has to approve what a result is of, as it says."""
    return [GroupNeed.from_document(need) for need in result.get("awaits") or ()]
