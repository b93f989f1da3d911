"""Grants in another account: rendered there to the last ARN, narrowed by its owner, never moved."""

import json
from typing import Any, Literal

import pytest
from hypothesis import given

from latchkey.config.guardrails import Guardrails
from latchkey.config.rules import StackContext
from latchkey.config.schema import PartnerConfig
from latchkey.grants.account import account_in_force, account_problems, naming_in
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.record import GrantRecord
from latchkey.grants.role import RoleNaming, desired_role
from latchkey.grants.validation import Lookups, validated
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.resource_info import ResourceInfo
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    NAMING,
    NOW,
    arn_of,
    config,
)
from tests.kit.strategies import Sample, samples

SPOKE = "111122223333"
Status = Literal["active", "suspended", "revoked", "expired"]
THERE = AWS_ENVIRONMENT.of_account(SPOKE)


def _moved(text: str) -> str:
    return text.replace(ACCOUNT, SPOKE)


def _info(one: ResourceInfo) -> ResourceInfo:
    implied = tuple(map(_info, one.implied))
    return ResourceInfo(_moved(one.arn), tuple(map(_moved, one.kms_keys)), implied)


def _rendered(
    asked: PartnerConfig, found: Any, environment: AwsEnvironment, naming: RoleNaming
) -> str:
    arn = arn_of(asked, environment)
    trust = trust_policy(asked, asked.external_id, environment, arn)
    permissions = permissions_policy(asked, found, environment, arn)
    role = desired_role(asked, naming, trust, permissions)
    return json.dumps([arn, trust, permissions, role.boundary_arn, sorted(role.own_boundaries)])


@given(samples())
def test_a_role_in_another_account_differs_by_the_account_and_by_nothing_else(ask: Sample) -> None:
    environment = ask.environment.of_account(SPOKE)
    there = PartnerConfig.model_validate(json.loads(_moved(json.dumps(ask.document))))
    found = [[*map(_info, infos)] for infos in ask.resources]
    here = _rendered(ask.config, ask.resources, ask.environment, NAMING)
    naming = naming_in(NAMING, SPOKE)
    assert _rendered(there, found, environment, naming) == _moved(here)


def test_boundaries_are_those_of_the_account_by_the_same_names() -> None:
    there = naming_in(NAMING, SPOKE)
    assert [_moved(arn) for arn in NAMING.own_boundaries] == [*there.own_boundaries]
    assert ACCOUNT not in str(there)
    assert naming_in(there, ACCOUNT) == NAMING


def _record(account: str | None, status: Status = "active") -> GrantRecord:
    arn = f"arn:aws:iam::{account}:role/partners/partner-acme.main" if account else None
    return GrantRecord(partner="acme", grant="main", status=status, role_arn=arn)


@pytest.mark.parametrize(
    ("record", "asked", "in_force", "moves"),
    [
        (None, None, None, False),
        (None, SPOKE, SPOKE, False),
        (_record(ACCOUNT), None, ACCOUNT, False),
        (_record(ACCOUNT), ACCOUNT, ACCOUNT, False),
        (_record(ACCOUNT), SPOKE, ACCOUNT, True),
        (_record(SPOKE), SPOKE, SPOKE, False),
        (_record(SPOKE), None, SPOKE, True),
        (_record(SPOKE), ACCOUNT, SPOKE, True),
        (_record(SPOKE), "222233334444", SPOKE, True),
        (_record(SPOKE, "suspended"), None, SPOKE, True),
        (_record(SPOKE, "revoked"), None, None, False),
        (_record(SPOKE, "expired"), ACCOUNT, ACCOUNT, False),
    ],
)
@pytest.mark.parametrize("environment", [AWS_ENVIRONMENT, THERE], ids=["own", "there"])
def test_a_live_grant_stays_where_its_role_is(
    record: GrantRecord | None,
    asked: str | None,
    in_force: str | None,
    moves: bool,
    environment: AwsEnvironment,
) -> None:
    named = config(account=None).model_copy(update={"account": asked})
    assert account_in_force(record, named) == in_force
    problems = account_problems(record, named, environment)
    assert [problem.path for problem in problems] == ["/account"] * moves
    if moves:
        kept = "leave `account` out" if in_force == ACCOUNT else f'"{SPOKE}"'
        assert kept in problems[0].message


def test_without_a_config_the_record_alone_says_the_account() -> None:
    assert account_in_force(_record(SPOKE), None) == SPOKE
    assert account_in_force(_record(SPOKE, "revoked"), None) == SPOKE
    assert account_in_force(_record(ACCOUNT, "revoked"), None) == ACCOUNT
    assert account_in_force(_record(None), None) is None
    assert account_problems(_record(SPOKE), None, AWS_ENVIRONMENT) == ()


def _broken(hub: dict[str, Any], spoke: dict[str, Any] | None, **asked: Any) -> dict[str, str]:
    fields = dict(config(**{k: v for k, v in asked.items() if k != "account"}))
    fields["account"] = asked.get("account")
    found = StackContext(AWS_ENVIRONMENT).of_account(asked.get("account"))
    rules = [None if one is None else Guardrails(version=1, **one) for one in (hub, spoke)]
    assert rules[0]
    lookups = Lookups((), (), rules[0], "1", (), spoke_rules=rules[1])
    return {one.path: one.message for one in validated(fields, lookups, NOW, found).broken}


LISTED = {"allowed_accounts": [SPOKE]}


def test_an_account_that_the_hub_does_not_list_is_none_to_grant_in() -> None:
    assert _broken({}, None) == _broken({}, None, account=ACCOUNT) == {}
    assert _broken({}, {}, account=SPOKE).keys() == {"/account"}
    assert _broken({"allowed_accounts": ["222233334444"]}, {}, account=SPOKE).keys() == {"/account"}
    assert _broken(LISTED, {}, account=SPOKE) == {}
    assert _broken({}, LISTED, account=SPOKE).keys() == {"/account"}, "a spoke lists nobody"


NARROW: list[tuple[dict[str, Any], str]] = [
    ({"allowed_partner_accounts": []}, "/principals/0"),
    ({"allowed_services": ["sqs"]}, "/access/0/service"),
    ({"max_grant_days": 1}, "/expires_at"),
    ({"min_external_id_length": 100}, "/external_id"),
    ({"required_tags": ["cost-center"]}, "/tags"),
]


@pytest.mark.parametrize(("rule", "path"), NARROW)
def test_an_accounts_own_guardrails_refuse_what_the_hubs_allow(
    rule: dict[str, Any], path: str
) -> None:
    assert _broken(LISTED, {}, account=SPOKE) == {}
    found = _broken(LISTED, rule, account=SPOKE)
    assert path in found
    (name,) = rule
    assert f"account {SPOKE}, its own guardrail {name}" in found[path]


@pytest.mark.parametrize(("rule", "path"), NARROW)
def test_an_accounts_own_guardrails_allow_nothing_that_the_hubs_refuse(
    rule: dict[str, Any], path: str
) -> None:
    hubs = _broken({**LISTED, **rule}, None, account=SPOKE)
    assert path in hubs
    assert _broken({**LISTED, **rule}, {}, account=SPOKE) == hubs
    wide = {"allow_custom": True, "min_external_id_length": 2, "allow_any_session_tags": True}
    assert _broken({**LISTED, **rule}, wide, account=SPOKE) == hubs
