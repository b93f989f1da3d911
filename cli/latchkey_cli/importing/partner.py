"""Whether a role is of a partner that has grants already: the second role is a second grant."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from latchkey.grant_id import GrantId
from latchkey.grants.record import GrantRecord
from latchkey.iam.principal import parse_principal
from latchkey_cli.importing.note import Note, some
from latchkey_cli.importing.role_fields import ImportOptions, slug


def partner_notes(
    config: dict[str, Any], role: str, options: ImportOptions, known: Iterable[GrantRecord]
) -> Iterator[Note]:
    """What to write instead, where the partner or the grant's name is another grant's.

    `known` are the records of live grants other than the role's own.
    """
    records = list(known)
    taken = {record.id for record in records}
    named = GrantId(config["partner"], config["grant"])
    if named in taken:
        grant = _free(role, named.partner, taken)
        what = f"{named} is granted already, and its file would be replaced"
        yield Note("decide", f"{what}; for a second grant: {_options(named.partner, grant)}")
        return
    same = [record for record in records if _same_partner(config, record)]
    partners = sorted({record.partner for record in same} - {named.partner})
    if options.partner or not partners or named.partner in {one.partner for one in same}:
        return
    grant = _free(role, partners[0], taken)
    grants = some([str(record.id) for record in same])
    yield Note(
        "decide",
        f"accounts or external ID are those of {grants}; if this is the same partner: "
        f"{_options(partners[0], grant)}",
    )


def _same_partner(config: dict[str, Any], record: GrantRecord) -> bool:
    other = json.loads(record.config) if record.config else {}
    ids = {*record.external_ids, record.external_id} - {None}
    given = config.get("external_id")
    mine = {*given} if isinstance(given, list) else {given}
    return bool(_accounts(config) & _accounts(other) or mine & ids)


def _accounts(config: dict[str, Any]) -> set[str]:
    return set(_named(config.get("principals") or ()))


def _named(principals: Iterable[Any]) -> Iterator[str]:
    for text in principals:
        try:
            yield parse_principal(text).account
        except (ValueError, TypeError):  # a web identity, or an older kind
            continue


def _free(role: str, partner: str, taken: set[GrantId]) -> str:
    """A name for the grant after the role's, without the partner's, that no other has."""
    words = [word for word in slug(role).split("-") if word not in (*partner.split("-"), "role")]
    name = "-".join(words)[:18].strip("-") or "second"
    name = name if name[0].isalpha() and len(name) > 1 else f"g-{name}"
    names = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in names if GrantId(partner, one) not in taken)


def _options(partner: str, grant: str) -> str:
    return f"--partner {partner} --grant {grant}"
