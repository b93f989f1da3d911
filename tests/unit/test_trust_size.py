"""A trust policy that is too long names the field that makes it so; `validate` says it offline."""

from typing import Any

import pytest

from latchkey.grants.trust_size import trust_size_problem
from latchkey.iam.environment import AwsEnvironment
from latchkey_cli.config_files.diagnosis import OfflineContext, diagnose
from tests.kit.examples import AWS_ENVIRONMENT, NOW, PARTNER_ACCOUNT, config, config_bytes
from tests.kit.tokens import identity

_ROLE = f"arn:aws:iam::{PARTNER_ACCOUNT}:role"
_LONG: dict[str, dict[str, Any]] = {
    "principals": {"principals": [f"{_ROLE}/{'p' * 100}/{'p' * 100}/{n}" for n in range(10)]},
    "external_id": {"external_id": [f"{n}" * 600 for n in range(1, 6)]},
    "source_ips": {
        "source_ips": [f"2600:1f18:{n:x}00:aaaa:bbbb:cccc:dddd:0/112" for n in range(20)],
        "session_tags": ["a", "b"],
        "self_assume": True,
        "source_identity": True,
    },
    "session_tags": {"session_tags": [f"{n}{'k' * 60}" for n in range(50)]},
    "tags": {"session_tags": True, "tags": {f"{n}{'k' * 60}": "v" for n in range(40)}},
}
_SUBJECTS = [f"repo:acme/{'r' * 120}:ref:refs/heads/{n}" for n in range(20)]


@pytest.mark.parametrize("field", _LONG)
def test_the_field_that_is_longest_is_named(field: str) -> None:
    asked = config(**_LONG[field])
    problem = trust_size_problem(asked, asked.external_ids, AWS_ENVIRONMENT)
    assert problem
    assert problem.path == f"/{field}"
    assert f"characters of it are `{field}`" in problem.message


def test_subjects_count_as_principals() -> None:
    asked = config("external_id", principals=[identity(subject=_SUBJECTS)])
    problem = trust_size_problem(asked, (), AWS_ENVIRONMENT)
    assert problem
    assert (problem.path, "subjects" in problem.message) == ("/principals", True)


def test_what_fits_is_no_problem_and_the_account_says_what_fits() -> None:
    assert trust_size_problem(config(), ("acme-7f3b2c91",), AWS_ENVIRONMENT) is None
    raised = AwsEnvironment("aws", "us-east-1", PARTNER_ACCOUNT, trust_policy_limit=8_192)
    asked = config(**_LONG["principals"])
    assert trust_size_problem(asked, asked.external_ids, raised) is None


@pytest.mark.parametrize("field", _LONG)
def test_validate_says_it_without_aws(field: str) -> None:
    context = OfflineContext(NOW)
    body = config_bytes(**_LONG[field])
    assert [found.problem.path for found in diagnose(body, context)] == [f"/{field}"]
    assert diagnose(config_bytes(), context) == ()
