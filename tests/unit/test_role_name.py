"""The name that a partner demands for its role: fixed, and nobody else's."""

from copy import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey.aws.iam import IamGateway
from latchkey.errors import PermissionDenied, RoleNotOwned
from latchkey.grant_id import GrantId
from latchkey.grants.drift import desired_digest, names_in_force, observed_digest
from latchkey.grants.record import GrantRecord
from latchkey.grants.role import GRANT_TAG, STACK_TAG
from latchkey.grants.role_changes import plan_removal, plan_role
from latchkey.grants.role_name import name_in_force, role_name_problems
from tests.kit.examples import ACCOUNT, NAMING, STACK, observed, role_of

ACME, OTHER = GrantId("acme", "main"), GrantId("other", "main")
USUAL = "partner-acme.main"


def _record(name: str = USUAL, status: str = "active", **demanded: Any) -> GrantRecord:
    arn = f"arn:aws:iam::{ACCOUNT}:role/partners/{name}"
    document = {"partner": "acme", "grant": "main", "status": status, "role_arn": arn}
    return GrantRecord.from_document({**document, **demanded})


def test_role_has_the_name_that_the_config_demands_under_the_same_path() -> None:
    role = role_of(role_name="ConfluentS3Access")
    assert (role.name, role.path) == ("ConfluentS3Access", "/partners/")
    assert role_of().name == USUAL


NAMES: list[tuple[GrantRecord | None, str | None, str]] = [
    (None, None, USUAL),
    (None, "Reader", "Reader"),
    (_record("Reader", role_name="Reader"), None, "Reader"),
    (_record("Reader", role_name="Reader"), "Writer", "Reader"),
    (_record("Reader", "suspended", role_name="Reader"), "Writer", "Reader"),
    (_record("Reader", "revoked", role_name="Reader"), "Writer", "Writer"),
    (_record("Reader", "expired", role_name="Reader"), None, USUAL),
    (replace(_record(status="failed"), role_arn=None), "Reader", "Reader"),
]


@pytest.mark.parametrize(("record", "demanded", "name"), NAMES)
def test_a_live_grant_keeps_the_name_that_its_role_has(
    record: GrantRecord | None, demanded: str | None, name: str
) -> None:
    assert name_in_force(record, ACME, demanded, NAMING) == name


PROBLEMS: list[tuple[GrantRecord | None, str | None, str]] = [
    (None, "Reader", ""),
    (None, None, ""),
    (None, USUAL, ""),
    (None, "partner-other.main", "the name that the role of the grant other.main has"),
    (None, "PARTNER-Other.Main", "the name that the role of the grant other.main has"),
    (None, "partner-s3-access", ""),
    (_record(), "Reader", "keeps the name of its role: write no `role_name`"),
    (_record("Reader", role_name="Reader"), "reader", 'write `role_name`: "Reader"'),
    (_record("Reader", role_name="Reader"), None, 'write `role_name`: "Reader"'),
    (_record("Reader", role_name="Reader"), "Reader", ""),
    (_record("Reader", "revoked", role_name="Reader"), "Writer", ""),
]


@pytest.mark.parametrize(("record", "demanded", "words"), PROBLEMS)
def test_a_name_is_fixed_while_the_grant_lives_and_no_other_grants(
    record: GrantRecord | None, demanded: str | None, words: str
) -> None:
    found = role_name_problems(record, ACME, demanded, NAMING)
    assert [problem.path for problem in found] == (["/role_name"] if words else [])
    assert all(words in problem.message for problem in found)


def test_roles_are_found_by_their_grants_tags_and_by_what_was_written() -> None:
    role = role_of(role_name="Reader")
    mine = observed(role)
    decoy = replace(mine, name="Decoy")
    stranger = replace(mine, name="Stranger", tags={})
    digests = {ACME: desired_digest(role), OTHER: None}
    assert observed_digest(mine) == digests[ACME]
    for roles in ([mine, decoy, stranger], [decoy, mine]):
        found = names_in_force(NAMING, digests, roles)
        assert found == {ACME: "Reader", OTHER: "partner-other.main"}
    assert names_in_force(NAMING, digests, [decoy])[ACME] == "Decoy", "the run goes by the record"
    assert names_in_force(NAMING, digests, [stranger])[ACME] == USUAL
    usual = replace(mine, name=USUAL)
    assert names_in_force(NAMING, digests, [usual, decoy])[ACME] == USUAL


@pytest.mark.parametrize("role_id", [None, "AROAEXAMPLE"])
@pytest.mark.parametrize("tags", [{}, {GRANT_TAG: "acme.main", STACK_TAG: STACK}])
def test_a_role_of_that_name_elsewhere_is_never_touched(
    tags: dict[str, str], role_id: str | None
) -> None:
    role = replace(role_of(role_name="Reader"), role_id=role_id)
    there = observed(role, tags=tags, elsewhere=True)
    with pytest.raises(RoleNotOwned, match="role_name"):
        plan_role(role, there)
    with pytest.raises(RoleNotOwned):
        plan_removal(there, STACK, "acme.main", role_id)


class _Iam:
    """IAM where a function may see any role, and look into none of another path."""

    def __init__(self, role: dict[str, Any] | None) -> None:
        self._role = role

    def get_role(self, **_: Any) -> dict[str, Any]:
        if self._role is None:
            raise _error("NoSuchEntity")
        return {"Role": self._role}

    def get_role_policy(self, **_: Any) -> None:
        raise _error("AccessDenied")

    def get_paginator(self, _: str) -> Any:
        raise _error("AccessDenied")


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "GetRole")


def _answer(**tags: str) -> dict[str, Any]:
    return {
        "RoleName": "Reader",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/service/Reader",
        "Path": "/service/",
        "RoleId": "AROAELSEWHERE",
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }


def test_what_may_not_be_looked_into_is_somebody_elses_unless_it_says_otherwise() -> None:
    def gateway(role: dict[str, Any] | None) -> IamGateway:
        return IamGateway(_Iam(role))  # type: ignore[arg-type]

    found = gateway(_answer(team="blue")).observe("Reader")
    assert found
    assert (found.elsewhere, found.path, found.inline_policies) == (True, "/service/", ())
    assert gateway(None).observe("Reader") is None
    with pytest.raises(PermissionDenied):
        gateway(_answer(**{STACK_TAG: STACK})).observe("Reader")
