"""Each field of a config and of each entry: what gives more waits, what gives less does not.

A field that is added is in none of the lists, and fails.
"""

from typing import Any

import pytest

from latchkey.config.schema import FIELDS as SCHEMA
from latchkey.grant_id import GrantId
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.role import DesiredRole, desired_role
from latchkey.grants.role_view import view
from latchkey.grants.sessions import suspended_policy
from latchkey.grants.state_digest import state_digest
from latchkey.grants.widening import more
from latchkey.reports.summary.role_lines import role_lines
from latchkey.services.registry import CUSTOM, NAMES
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    NAMING,
    arn_of,
    config,
    observed,
    resources_of,
)
from tests.unit import widening_fields as cases
from tests.unit.widening_fields import Config

_FIELDS = [
    (f"{field}-{number}", less, more_)
    for field, pairs in (*cases.FIELDS.items(), *cases.PROLONGS.items())
    for number, (less, more_) in enumerate(pairs)
]
_PARTS = [
    (f"{name}:{field}-{number}", less, more_)
    for (name, field), pairs in cases.PARTS.items()
    for number, (less, more_) in enumerate(pairs)
]
_WIDER = [*_FIELDS, *_PARTS, *cases.levels(), *cases.options(), *cases.added()]
_IDS = [name for name, _, _ in _WIDER]


def role(changes: Config) -> DesiredRole:
    """The role of the example config with changes; without the fields that are None."""
    left_out = [name for name, value in changes.items() if value is None]
    asked = config(*left_out, **{n: value for n, value in changes.items() if value is not None})
    arn, found = arn_of(asked), resources_of(asked)
    permissions = permissions_policy(asked, found, AWS_ENVIRONMENT, arn)
    trust = trust_policy(asked, asked.external_id, AWS_ENVIRONMENT, arn)
    suspended = asked.status == "suspended"
    return desired_role(asked, NAMING, trust, suspended_policy() if suspended else permissions)


def gives(before: DesiredRole, after: DesiredRole) -> str | None:
    """What one role gives more than another."""
    return more(observed(before, attached_policies=before.managed_access), after)


def _digest(of: DesiredRole) -> str:
    return state_digest(of, GrantId("acme", "main"), ACCOUNT)


def _told(before: DesiredRole, after: DesiredRole) -> set[str]:
    return {line.effect for line in role_lines(view(observed(before)), view(after))}


@pytest.mark.parametrize(("name", "less", "wider"), _WIDER, ids=_IDS)
def test_what_gives_more_waits_and_is_shown_as_that(name: str, less: Config, wider: Config) -> None:
    before, after = role(less), role(wider)
    assert gives(before, after) == ("prolongs" if name.startswith("expires_at") else "widens")
    assert _digest(before) != _digest(after)
    assert "widens" in _told(before, after)


@pytest.mark.parametrize(("name", "less", "wider"), _WIDER, ids=_IDS)
def test_what_gives_less_does_not_wait(name: str, less: Config, wider: Config) -> None:
    assert name
    assert gives(role(wider), role(less)) is None


@pytest.mark.parametrize(("less", "wider"), cases.ONLY_WIDER)
def test_what_cannot_be_shown_to_give_no_more_waits(less: Config, wider: Config) -> None:
    before, after = role(less), role(wider)
    assert gives(before, after) == "widens"
    assert _digest(before) != _digest(after)


@pytest.mark.parametrize(("name", "one", "other"), [*cases.renamed()])
def test_another_resource_waits(name: str, one: Config, other: Config) -> None:
    assert name
    assert gives(role(one), role(other)) == gives(role(other), role(one)) == "widens"


def test_every_field_of_a_config_is_somewhere() -> None:
    known = (cases.FIELDS, cases.PROLONGS, cases.ELSEWHERE)
    named = [field for each in known for field in each]
    assert sorted(named) == sorted(info.alias or name for name, info in SCHEMA.items())


@pytest.mark.parametrize("name", NAMES)
def test_every_field_of_every_entry_is_somewhere(name: str) -> None:
    assert cases.fields_of(name) <= cases.known_fields(name)


def test_every_service_is_there() -> None:
    tried = {name for name, _, _ in (*cases.added(), *cases.renamed())}
    assert {*NAMES} - tried == {"account", CUSTOM}


def test_every_word_for_the_account_is_more_than_another() -> None:
    words: Any = ("audit", "billing", "view")
    roles = [role({"access": [{"service": "account", "allow": word}]}) for word in words]
    for one in roles:
        for other in roles:
            assert gives(one, other) == (None if one is other else "widens")
