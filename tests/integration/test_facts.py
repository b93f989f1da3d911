"""Facts for security tools in their bucket: each once, none where it is off."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from jsonschema import Draft202012Validator

from latchkey.aws.security_log import SecurityLog
from latchkey.errors import PermissionDenied
from latchkey.runtime.wiring import steps
from tests.kit.documented.ocsf import CLASSES
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

FACTS = "facts-bucket"


def _facts() -> list[dict[str, Any]]:
    s3 = aws("s3")
    listed = s3.list_objects_v2(Bucket=FACTS).get("Contents", [])
    texts = [s3.get_object(Bucket=FACTS, Key=one["Key"])["Body"].read() for one in listed]
    assert all(text.endswith(b"\n") and text.count(b"\n") == 1 for text in texts)
    found = [json.loads(text) for text in texts]
    for fact in found:
        Draft202012Validator(CLASSES[fact["class_uid"]]).validate(fact)
    return sorted(found, key=lambda fact: str(fact["metadata"]["uid"]))


def test_each_fact_of_a_history_is_an_object(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTS_BUCKET", FACTS)
    steps.notify_step.cache_clear()
    aws("s3").create_bucket(Bucket=FACTS)
    stack.granted()
    stack.run({"partner": "acme", "grant": "main", "action": "suspend", "reason": "incident"})
    stack.upload(principals=["*"])
    stack.run(FILE)
    stack.remove()
    stack.run(FILE)
    found = _facts()
    assert [fact["metadata"]["event_code"] for fact in found] == stack.history()
    assert "acme-7f3b2c91" not in json.dumps(found)


def test_there_is_no_call_where_it_is_off(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SecurityLog, "__init__", lambda *_: pytest.fail("made"))
    assert stack.granted().error is None


def _log(code: str, calls: list[dict[str, Any]]) -> SecurityLog:
    class Client:
        def put_object(self, **given: Any) -> None:
            calls.append(given)
            raise ClientError({"Error": {"Code": code, "Message": "x"}}, "PutObject")

    return SecurityLog(Client(), FACTS)  # type: ignore[arg-type]


def test_a_fact_that_is_there_stays_and_what_is_refused_is_an_error() -> None:
    calls: list[dict[str, Any]] = []
    _log("PreconditionFailed", calls).put("k", {})
    assert (calls[0]["IfNoneMatch"], calls[0]["ChecksumAlgorithm"]) == ("*", "SHA256")
    with pytest.raises(PermissionDenied):
        _log("AccessDenied", calls).put("k", {})
