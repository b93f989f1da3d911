"""A hundred files of one uploader that fail hold up nobody else's end of access."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.conftest import Case
from tests.kit.outside import Outside

pytestmark = [pytest.mark.e2e, pytest.mark.long]

FILES = 100


def test_order_and_overdue_expiry_of_others_are_done_amid_a_hundred_files_that_fail(
    outside: Outside, new_case: Callable[[], Case]
) -> None:
    ordered, overdue, crowd = new_case(), new_case(), new_case()
    overdue.expires_at = outside.in_(hours=1)
    for one in (ordered, overdue):
        outside.upload(one.key, one.config())
    outside.scheduler.delete_schedule(GroupName="latchkey-grants", Name=f"{overdue.partner}.main")
    bucket = outside.box.outputs["ConfigBucketName"]
    missing = [{"service": "secretsmanager", "secret": "not-there", "allow": "read"}]

    def put(number: int) -> None:
        """One half names what is not there, the other nobody can read."""
        config = crowd.config(grant=f"g{number}", access=missing)
        archived = {"StorageClass": "GLACIER"} if number % 2 else {}
        key = f"partners/{crowd.partner}/{number}.json"
        outside.s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(config), **archived)

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(put, range(FILES)))
    request = {"action": "revoke", "partner": ordered.partner, "reason": "incident 7"}
    assert outside.start(request)["status"] == "SUCCEEDED"
    assert outside.role(ordered.role) is None
    results = outside.s3.list_objects_v2(
        Bucket=outside.box.outputs["ResultsBucketName"], Prefix=f"partners/{crowd.partner}/"
    )
    done = [one for one in results.get("Contents", ()) if one["Key"].endswith(".result.json")]
    assert len(done) < FILES - 15, "the order waited for the uploads"
    outside.box.advance(3600 + 600)  # two sweeps
    assert outside.role(overdue.role) is None
    assert outside.state(overdue.partner)["status"] == "expired"
    last = f"partners/{crowd.partner}/{FILES - 1}.json"
    assert outside.result(last, lambda found: found["outcome"] == "rejected")["problems"]
