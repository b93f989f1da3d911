"""`latchkey audit` finds nothing about a role that Latchkey made, whatever its config says."""

from typing import Any

import pytest
from hypothesis import given

from latchkey.config.reader import read_document
from latchkey.config.schema import PartnerConfig
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey_cli.aws.iam_roles import RolePolicies
from tests.cli.audited_roles import OURS, UNTIL, USED, rules_of, trust_of
from tests.kit.examples import AWS_ENVIRONMENT, NOW, STACK_CONTEXT, arn_of, config, resources_of
from tests.kit.strategies import documents
from tests.kit.tokens import AUDIENCE, GITHUB, SUBJECT

APP = "arn:aws:iam::444455556666:role/app"
TOKEN = {"oidc_provider": GITHUB, "audience": AUDIENCE, "subject": SUBJECT}


def _rules(asked: PartnerConfig, external_id: Any) -> list[str]:
    arn = arn_of(asked)
    trust = trust_policy(asked, external_id, AWS_ENVIRONMENT, arn)
    policy = permissions_policy(asked, resources_of(asked), AWS_ENVIRONMENT, arn)
    return rules_of(trust, OURS, USED, RolePolicies({"latchkey-access": policy}))


@given(documents)
def test_nothing_is_found_about_any_config(document: dict[str, Any]) -> None:
    asked = read_document(document, STACK_CONTEXT, NOW).config
    assert asked
    made = "made-for-you" if asked.generate_external_id else None
    assert _rules(asked, asked.external_id or made) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"external_id": "ab"},
        {"external_id": ["acme-7f3b2c91", "x1"]},
        {"external_id": None, "principals": [APP]},
        {"external_id": None, "principals": [TOKEN]},
        {"external_id": None, "principals": [{**TOKEN, "subject": "repo:acme/app:*"}]},
        {"self_assume": True, "session_tags": True, "source_identity": True},
    ],
    ids=str,
)
def test_nothing_is_found_about_what_a_guardrail_allows(changes: dict[str, Any]) -> None:
    asked = config(**changes)
    assert _rules(asked, asked.external_id) == []


def test_what_no_guardrail_allows_is_found_on_our_roles_too() -> None:
    assert rules_of(trust_of({"AWS": [APP, "444455556666"]}, UNTIL)) == ["no-external-id"]
    assert rules_of(trust_of({"AWS": f"{APP}*"}, UNTIL)) == ["no-external-id"]
    assert rules_of(trust_of({"AWS": APP}, UNTIL), {}) == ["no-external-id", "not-ours"]
