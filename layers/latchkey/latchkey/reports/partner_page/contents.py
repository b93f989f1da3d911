"""What the page about a partner says, independent of its format; external IDs are left out."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.frozen import Frozen
from latchkey.grants.phase import Standing, standing
from latchkey.grants.record import GrantRecord
from latchkey.history.chain_check import Checked
from latchkey.reports.redaction import Redactor, external_ids


class GrantHistory(Frozen):
    """A grant with all of its entries in the table, in the order of their times.

    `checked` is what the check of its chain came to, `broken` its first broken link in words; the
    chain's last entry has the digest `head`.
    """

    record: GrantRecord
    config: Mapping[str, Any]
    entries: tuple[Mapping[str, Any], ...]
    checked: Checked
    broken: str | None
    head: str | None


class PartnerAccess(Frozen):
    """A partner with its grants and `periods`, the rows of a history query about all of them.

    `now` is the time that all of it was read at; `account`, `region` and `stack` say where, and
    `version` which release of Latchkey wrote it.
    """

    partner: str
    grants: tuple[GrantHistory, ...]
    periods: tuple[Mapping[str, Any], ...]
    now: str
    account: str
    region: str
    stack: str
    version: str

    def redactor(self) -> Redactor:
        """What takes all external IDs that are known of the partner out of texts."""
        return Redactor(
            found
            for grant in self.grants
            for document in (grant.record.document(), grant.config, *grant.entries)
            for found in external_ids(document)
        )

    def standing(self, grant: GrantHistory) -> Standing:
        """Where a grant stood when the page was written."""
        return standing(grant.record, self.now)

    def live(self) -> tuple[GrantHistory, ...]:
        """The grants that allow something, or will."""
        over = ("ended", "none")
        return tuple(g for g in self.grants if self.standing(g).phase not in over)

    def rows(self, grant: GrantHistory) -> Iterator[Mapping[str, Any]]:
        """What a grant allows, now or when it begins."""
        for row in self.periods:
            mine = (row["partner"], row["grant"]) == (grant.record.partner, grant.record.grant)
            if mine and row["until"] > self.now:
                yield row


def second(moment: str, *, never: str = "") -> str:
    """A time of a history for people: to the second, in UTC; the last time there is as `never`."""
    if moment.startswith("9999-"):
        return never
    return f"{moment[:19]}Z" if moment else ""
