"""Whatever a valid config says, its role stays within the rules."""

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain import boundary
from latchkey.domain.catalogue.entry import Place
from latchkey.domain.config import PartnerConfig
from latchkey.domain.config_reader import read_document
from latchkey.domain.config_rules import House
from latchkey.domain.grant import instant
from latchkey.domain.grant_plan import GrantPlan
from latchkey.domain.plan import plan_role
from latchkey.domain.policies import permissions_policy, trust_policy
from latchkey.domain.role import DesiredRole, desired_role
from tests.examples import HOUSE, KEY_ARN, NAMING, NOW, PLACE, facts_of
from tests.unit.strategies import documents


def _config(document: dict[str, Any]) -> PartnerConfig:
    found = read_document(document, HOUSE, NOW)
    assert found.config is not None, found.problems
    return found.config


def _role(config: PartnerConfig, keys: tuple[str, ...] = (KEY_ARN,)) -> DesiredRole:
    trust = trust_policy(config, config.external_id, PLACE)
    permissions = permissions_policy(config, facts_of(config, PLACE, keys), PLACE)
    return desired_role(config, NAMING, trust, permissions)


_keys = st.sampled_from([(), (KEY_ARN,), (KEY_ARN, f"{KEY_ARN[:-1]}6")])


@given(documents)
def test_every_allow_has_the_dates_of_the_grant(document: dict[str, Any]) -> None:
    config = _config(document)
    role = _role(config)
    for policy in (role.trust_policy, role.permissions_policy):
        for statement in policy["Statement"]:
            assert statement["Effect"] == "Allow"
            condition = statement["Condition"]
            assert condition["DateLessThan"] == {"aws:CurrentTime": instant(config.expires_at)}
            begins = condition.get("DateGreaterThanEquals")
            start = {"aws:CurrentTime": instant(config.starts_at)} if config.starts_at else None
            assert begins == start


@given(documents, _keys)
def test_every_resource_is_one_that_the_config_names_or_its_key(
    document: dict[str, Any], keys: tuple[str, ...]
) -> None:
    config = _config(document)
    named = {facts.arn for found in facts_of(config) for facts in found}
    for statement in _role(config, keys).permissions_policy["Statement"]:
        assert statement["Resource"]
        for resource in statement["Resource"]:
            if resource.startswith("arn:aws:kms:"):
                assert resource in keys
                continue
            assert re.fullmatch(r"[^*?$]+(/\*)?", resource)
            assert any(_is_or_is_below(resource, arn) for arn in named), resource


def _is_or_is_below(resource: str, arn: str) -> bool:
    """The resource itself, what is below it, or the path of parameters without its slash."""
    return resource in (arn, arn.removesuffix("/")) or resource.startswith(arn.rstrip("/") + "/")


@given(documents, _keys)
def test_statements_are_plain_exact_and_within_the_boundary(
    document: dict[str, Any], keys: tuple[str, ...]
) -> None:
    statements = _role(_config(document), keys).permissions_policy["Statement"]
    names = [statement["Sid"] for statement in statements]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9]+", name) for name in names)
    for statement in statements:
        assert statement.keys() == {"Sid", "Effect", "Action", "Resource", "Condition"}
        assert set(statement["Action"]) <= boundary.ALLOWED | set(boundary.KEY_ACTIONS)
        for keys_of in statement["Condition"].values():
            assert keys_of
            assert all(value not in ("", [], None) for value in keys_of.values())


@given(documents)
def test_keys_are_used_through_one_service_in_one_region_only(document: dict[str, Any]) -> None:
    config = _config(document)
    for statement in _role(config).permissions_policy["Statement"]:
        if any(action.startswith("kms:") for action in statement["Action"]):
            number = int(re.match(r"Access(\d+)", statement["Sid"]).group(1))  # type: ignore[union-attr]
            service = config.access[number].named()[0].service
            via = statement["Condition"]["StringEquals"]["kms:ViaService"]
            assert via == f"{service}.us-east-1.amazonaws.com"


@given(documents, st.sampled_from(["aws", "aws-us-gov", "aws-cn"]))
def test_partition_is_that_of_the_stack_everywhere(
    document: dict[str, Any], partition: str
) -> None:
    place = Place(partition, "us-east-1", PLACE.account)
    text = json.dumps(document).replace("arn:aws:", f"arn:{partition}:")
    config = read_document(json.loads(text), House(place), NOW).config
    assert config
    role_text = json.dumps(
        [
            trust_policy(config, config.external_id, place),
            permissions_policy(config, facts_of(config, place), place),
        ]
    )
    assert set(re.findall(r"arn:(aws[a-z-]*):", role_text)) == {partition}


@given(documents)
def test_iam_accepts_name_description_and_tags(document: dict[str, Any]) -> None:
    role = _role(_config(document))
    assert re.fullmatch(r"[a-z0-9.-]{1,64}", role.name)
    assert re.fullmatch(r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]{0,1000}", role.description)
    assert len(role.tags) <= 50
    for key, value in role.tags.items():
        assert re.fullmatch(r"[\w .:/=+\-@]{1,128}", key)
        assert re.fullmatch(r"[\w .:/=+\-@]{0,256}", value)


@given(documents)
def test_plan_survives_its_way_through_the_workflow(document: dict[str, Any]) -> None:
    role = _role(_config(document))
    changes = plan_role(role, None)
    plan = GrantPlan("grant", "created", "t", "because", changes=changes, desired=role)
    text = json.dumps(plan.document())
    assert GrantPlan.from_document(json.loads(text)) == plan
    assert len(text) < 262_144


@given(documents)
def test_same_config_renders_the_same_role(document: dict[str, Any]) -> None:
    assert _role(_config(document)) == _role(_config(json.loads(json.dumps(document))))
