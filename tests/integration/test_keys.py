"""Grants of keys: what an alias stands for, what is refused, and the boundary of live roles."""

import json
from typing import Any

import pytest

from tests.integration.preflight import make_key, rejected, resources_of
from tests.integration.test_preflight_keys import OWN_ONLY
from tests.kit.examples import BOUNDARY, KMS_BOUNDARY, NOW, s3_entry
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver


def _use(key: str) -> dict[str, Any]:
    return {"service": "kms", "key": key, "allow": "use"}


def _aliased(name: str = "alias/northwind", **made: Any) -> str:
    key = make_key(**made)
    aws("kms").create_alias(AliasName=name, TargetKeyId=key)
    return key


def _boundary(stack: StackDriver) -> str:
    role = stack.role()
    assert role
    return str(role["PermissionsBoundary"]["PermissionsBoundaryArn"])


@pytest.mark.parametrize("form", ["id", "arn", "alias", "alias arn"])
def test_role_gets_the_key_by_its_arn_however_it_is_named(stack: StackDriver, form: str) -> None:
    key = _aliased()
    alias = key.rpartition(":")[0] + ":alias/northwind"
    named = {"id": key.rpartition("/")[2], "arn": key, "alias": "alias/northwind"}
    stack.granted(access=[_use(named.get(form, alias))])
    assert resources_of(stack) == [key]
    assert _boundary(stack) == KMS_BOUNDARY


def test_multi_region_key_is_granted_as_the_one_that_is_here(stack: StackDriver) -> None:
    key = _aliased(MultiRegion=True)
    assert ":key/mrk-" in key
    stack.granted(access=[_use("alias/northwind")])
    assert resources_of(stack) == [key]


def test_missing_alias_is_reported_with_the_nearest_and_never_with_aws_own(
    stack: StackDriver,
) -> None:
    _aliased()
    found = rejected(stack, _use("alias/northwnid"), _use("alias/qqqq"))
    assert found["/access/0/key"].endswith("did you mean 'alias/northwind'?")
    assert found["/access/1/key"].endswith("check the name")


def test_key_that_does_not_encrypt_is_refused(stack: StackDriver) -> None:
    _aliased(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")
    (message,) = rejected(stack, _use("alias/northwind")).values()
    assert "does not encrypt (SIGN_VERIFY)" in message


def test_disabled_key_is_refused(stack: StackDriver) -> None:
    aws("kms").disable_key(KeyId=_aliased().rpartition("/")[2])
    (message,) = rejected(stack, _use("alias/northwind")).values()
    assert "is Disabled" in message


def test_key_whose_policy_leaves_out_iam_is_refused_with_what_mends_it(stack: StackDriver) -> None:
    _aliased(Policy=json.dumps(OWN_ONLY))
    (message,) = rejected(stack, _use("alias/northwind")).values()
    statement = json.loads(message[message.index("{") :])
    assert {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"} < set(statement["Action"])


def test_live_grant_changes_its_boundary_with_its_access_and_back(stack: StackDriver) -> None:
    key = _aliased()
    stack.granted(access=[s3_entry()])
    assert _boundary(stack) == BOUNDARY
    role_id = (stack.role() or {})["RoleId"]
    for access, boundary in (
        ([s3_entry(), _use(key)], KMS_BOUNDARY),
        ([s3_entry()], BOUNDARY),
    ):
        stack.upload(access=access)
        run = stack.run(FILE)
        assert run.outcome == "updated", run.result
        actions = [change["action"] for change in run.result["changes"]]
        assert actions == ["PutRolePolicy", "PutRolePermissionsBoundary"]
        assert _boundary(stack) == boundary
        assert (stack.role() or {})["RoleId"] == role_id


def test_boundary_of_a_key_grant_put_on_by_hand_as_the_usual_one_closes_it(
    stack: StackDriver,
) -> None:
    stack.granted(access=[_use(_aliased())])
    role = (stack.role() or {})["RoleName"]
    aws("iam").put_role_permissions_boundary(RoleName=role, PermissionsBoundary=BOUNDARY)
    check = {"action": "check", "partner": "acme", "reason": "test", "requested_by": "drift"}
    stack.run(check, NOW)
    assert _boundary(stack) == "arn:aws:iam::aws:policy/AWSDenyAll"
    stack.run({**check, "action": "resume"}, NOW)
    assert _boundary(stack) == KMS_BOUNDARY
