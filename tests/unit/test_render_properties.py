"""Whatever a valid config says, its role stays within the rules."""

import json
import re
from typing import Any

from hypothesis import given

from latchkey.domain.catalogue.entry import Facts
from latchkey.domain.config import PartnerConfig
from latchkey.domain.config_reader import read_document
from latchkey.domain.grant_plan import GrantPlan
from latchkey.domain.plan import plan_role
from latchkey.domain.policies import permissions_policy, trust_policy
from latchkey.domain.role import DesiredRole, desired_role
from tests.examples import HOUSE, KEY_ARN, NAMING, NOW, PLACE, SECRET_ARN
from tests.unit.strategies import documents


def _config(document: dict[str, Any]) -> PartnerConfig:
    found = read_document(document, HOUSE, NOW)
    assert found.config is not None, found.problems
    return found.config


def _facts(config: PartnerConfig) -> list[tuple[Facts, ...]]:
    arns = (
        f"arn:aws:s3:::{entry.bucket}" if entry.service == "s3" else SECRET_ARN
        for entry in config.access
    )
    return [(Facts(arn, (KEY_ARN,)),) for arn in arns]


def _role(config: PartnerConfig) -> DesiredRole:
    trust = trust_policy(config, config.external_id, PLACE)
    return desired_role(config, NAMING, trust, permissions_policy(config, _facts(config), PLACE))


@given(documents)
def test_every_allow_ends_at_expiry_and_is_on_exact_resources(document: dict[str, Any]) -> None:
    role = _role(_config(document))
    for policy in (role.trust_policy, role.permissions_policy):
        for statement in policy["Statement"]:
            assert statement["Effect"] == "Allow"
            assert statement["Condition"]["DateLessThan"]["aws:CurrentTime"] > "2030"
            for resource in statement.get("Resource", []):
                assert re.fullmatch(r"arn:aws:(s3|secretsmanager|kms):[^*?]+(/\*)?", resource)


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
