"""Bad files never disturb a live grant, and say what is wrong with them."""

import json

import pytest

from tests.e2e.conftest import Case
from tests.kit.outside import Outside

pytestmark = pytest.mark.e2e

BAD: dict[str, bytes] = {
    "not JSON": b"{partner: acme}",
    "empty": b"",
    "64 KiB and one byte": b"{" + b" " * (64 * 1024 - 1) + b"}",
    "not UTF-8": json.dumps({"partner": "ü"}, ensure_ascii=False).encode("utf-16"),
    "not an object": b"[]",
    "a key twice": b'{"version": 1, "version": 1}',
}


def _put(outside: Outside, key: str, body: bytes) -> dict[str, object]:
    bucket = outside.box.outputs["ConfigBucketName"]
    version = outside.s3.put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
    return outside.result(key, lambda result: result["config_version"] == version)


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_an_unreadable_new_version_leaves_the_live_grant_alone(
    outside: Outside, case: Case, body: bytes
) -> None:
    outside.upload(case.key, case.config())
    role, state = outside.role(case.role), outside.state(case.partner)
    writes: list[dict[str, object]] = []
    assert outside.iam_writes(lambda: writes.append(_put(outside, case.key, body))) == []
    assert writes[0]["outcome"] == "rejected"
    assert writes[0]["problems"]
    assert (outside.role(case.role), outside.state(case.partner)) == (role, state)
    assert outside.events(case.partner) == ["AccessGranted", "ConfigRejected"]


def test_all_problems_are_reported_at_once_each_with_its_pointer(
    outside: Outside, case: Case
) -> None:
    config = case.config(
        principals=["*", "123456789012"],
        expires_at="2020-01-01T00:00:00Z",
        starts_at="2021-01-01T00:00:00Z",
        colour="blue",
    )
    del config["external_id"]
    result = outside.upload(case.key, config)
    paths = {problem["path"] for problem in result["problems"]}
    expected = {"/principals/0", "/principals/1", "/external_id", "/expires_at", "/starts_at"}
    assert expected | {"/colour"} <= paths
    assert result["outcome"] == "rejected"
    assert outside.role(case.role) is None
    assert outside.state(case.partner)["status"] == "rejected"


def test_missing_resources_are_named_before_anything_is_changed(
    outside: Outside, case: Case
) -> None:
    config = case.config()
    config["access"][0]["bucket"] = "no-such-bucket-anywhere"
    config["access"][1]["secret"] = "no/such/secret"
    result = outside.upload(case.key, config)
    assert [problem["path"] for problem in result["problems"]] == [
        "/access/0/bucket",
        "/access/1/secret",
    ]
    assert outside.role(case.role) is None


def test_a_second_file_for_the_same_grant_is_rejected_and_names_the_first(
    outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config())
    second = f"partners/{case.partner}-again.json"
    result = outside.upload(second, case.config(purpose="something else"))
    assert result["outcome"] == "rejected"
    assert case.key in result["problems"][0]["message"]
    assert outside.state(case.partner)["config_key"] == case.key


def test_a_role_of_that_name_that_is_not_ours_is_never_touched(
    outside: Outside, case: Case
) -> None:
    outside.iam.create_role(RoleName=case.role, AssumeRolePolicyDocument="{}", Path="/partners/")
    before = outside.role(case.role)
    result = outside.upload(case.key, case.config())
    assert result["outcome"] == "failed"
    assert "RoleNotOwned" in result["reason"]
    assert outside.role(case.role) == before
    assert outside.state(case.partner)["status"] == "failed"
    assert outside.events(case.partner) == ["GrantFailed"]
    outside.iam.delete_role(RoleName=case.role)


def test_an_external_id_in_use_for_another_partner_is_refused(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config())
    other = case.config(partner=f"{case.partner}-x")
    result = outside.upload(f"partners/{case.partner}-x.json", other)
    assert result["outcome"] == "rejected"
    assert [problem["path"] for problem in result["problems"]] == ["/external_id"]
