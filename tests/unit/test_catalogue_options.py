"""Options of entries: what they add, and where they would add nothing."""

from typing import Any

import pytest

from latchkey.grants.policies import permissions_policy
from tests.kit.examples import AWS_ENVIRONMENT, config, read, resources_of, s3_entry
from tests.unit.catalogue_entries import entry_of, label_of


def _statements(entry: dict[str, Any]) -> list[dict[str, Any]]:
    asked = config(access=[entry])
    found: list[dict[str, Any]] = permissions_policy(
        asked, resources_of(asked, AWS_ENVIRONMENT), AWS_ENVIRONMENT
    )["Statement"]
    return found


def test_uploads_are_listed_only_where_the_whole_bucket_is_granted() -> None:
    """IAM has no `s3:prefix` for their list, and it shows keys."""
    for entry in (s3_entry(prefix="in"), s3_entry(allow="write"), s3_entry(allow="read")):
        actions = {action for one in _statements(entry) for action in one["Action"]}
        assert "s3:ListBucketMultipartUploads" not in actions


def test_versions_are_listed_within_the_folder_only() -> None:
    entry = s3_entry(prefix="in", versions=True)
    (listed,) = [s for s in _statements(entry) if "s3:ListBucketVersions" in s["Action"]]
    assert listed["Condition"]["StringLike"] == {"s3:prefix": "in/*"}


def test_no_acl_is_put_but_the_one_for_the_buckets_owner() -> None:
    entry = s3_entry(allow="write", bucket_owner_full_control=True)
    (acl,) = [s for s in _statements(entry) if "s3:PutObjectAcl" in s["Action"]]
    assert acl["Action"] == ["s3:PutObjectAcl"]
    assert acl["Condition"]["StringEquals"]["s3:x-amz-acl"] == "bucket-owner-full-control"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (s3_entry(allow="write", versions=True), "versions"),
        (s3_entry(allow="read", bucket_owner_full_control=True), "bucket_owner_full_control"),
        (entry_of("kinesis", stream="clicks", allow="write", fan_out=True), "fan_out"),
    ],
    ids=label_of,
)
def test_option_that_would_add_nothing_is_a_problem(entry: dict[str, Any], field: str) -> None:
    (problem,) = read(access=[entry]).problems
    assert problem.path == f"/access/0/{field}"
    assert "leave it out" in problem.message
