"""What a config would claim, were it granted, and what of it is another's."""

from latchkey.aws.claims import Claim, Claims, external_id_claim, partner_claim, role_name_claim
from latchkey.config.problem import Problem
from latchkey.config.rules import Fields
from latchkey.config.scope import Scope
from latchkey.config.scope_rules import belongs_to_another
from latchkey.config.trust_fields import listed_external_ids
from latchkey.grant_id import GrantId
from latchkey.grants.validation import in_use


def of_others(
    claims: Claims, fields: Fields, account: str, scope: Scope | None
) -> tuple[Problem, ...]:
    """The problems of what another has by now; `account` is the grant's. Claims nothing."""
    names = scope.names if scope else ()
    asked = _asked(fields, account, names)
    taken = [asked[one] for one in claims.taken(asked)]
    return tuple(in_use(taken, fields.get("external_id"), scoped=bool(names)))


def _asked(
    fields: Fields, account: str, scope: tuple[str, ...]
) -> dict[Claim, str | Problem | None]:
    """What a config would claim: its external IDs, None for its role's name, and its partner."""
    partner, grant, name = (fields.get(one) for one in ("partner", "grant", "role_name"))
    given = listed_external_ids(fields.get("external_id")) if partner else ()
    claims: dict[Claim, str | Problem | None] = {
        external_id_claim(one, partner or "", scope): one for one in given
    }
    if partner and scope:
        claims[partner_claim(partner, scope)] = belongs_to_another(partner)
    if partner and grant and name:
        claims[role_name_claim(account, name, GrantId(partner, grant))] = None
    return claims
