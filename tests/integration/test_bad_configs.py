"""What is rejected, and that a live grant does not notice."""

import json
from typing import Any

import pytest

from tests.kit.examples import OTHER_ACCOUNT, config_bytes, config_document, s3_entry, secret_entry
from tests.kit.stack.aws import FILE, KEY
from tests.kit.stack.driver import StackDriver

GENERATED: dict[str, Any] = {"external_id": None, "generate_external_id": True}

BROKEN: list[tuple[str, bytes]] = [
    ("not JSON", b"{"),
    ("empty", b""),
    ("64 KiB + 1", config_bytes() + b" " * 65_536),
    ("UTF-16", config_bytes().decode().encode("utf-16")),
    ("byte order mark", b"\xef\xbb\xbf" + config_bytes()),
    ("lone surrogate in a value", config_bytes(purpose="\ud800")),
    ("lone surrogate in a key", config_bytes(**{"\ud800": 1})),
    ("thousands of unknown fields", json.dumps({f"a{n}": 1 for n in range(6000)}).encode()),
    ("an enormous field name", json.dumps({"a" * 60_000: 1}).encode()),
    ("deep nesting", b'{"access":' + b"[" * 30_000 + b"]" * 30_000 + b"}"),
]


@pytest.mark.parametrize("body", [b for _, b in BROKEN], ids=[name for name, _ in BROKEN])
def test_broken_new_version_is_rejected_and_the_live_grant_stays(
    stack: StackDriver, body: bytes
) -> None:
    stack.granted()
    state, role = stack.grant(), stack.role()
    version = stack.upload(body)
    run = stack.run(FILE)
    assert (run.outcome, run.iam_writes) == ("rejected", [])
    assert run.result["problems"]
    assert (stack.grant(), stack.role()) == (state, role)
    assert stack.result()["config_version"] == version
    assert stack.history()[-1] == "ConfigRejected"
    assert len(json.dumps(run.plan)) < 200_000, "Step Functions carries 262,144 bytes at most"


@pytest.mark.parametrize("body", [b for _, b in BROKEN], ids=[name for name, _ in BROKEN])
def test_first_version_that_names_no_grant_is_recorded_under_its_file(
    stack: StackDriver, body: bytes
) -> None:
    stack.upload(body)
    assert stack.run(FILE).outcome == "rejected"
    found = stack.item(f"CONFIG#{KEY}")
    assert found is not None
    assert found["outcome"] == "rejected"
    assert stack.result()["problems"]


def test_invalid_version_gets_every_problem_at_once(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(
        principals=["*", "123456789012"],
        external_id="short",
        expires_at="2020-01-01T00:00:00Z",
        access=[s3_entry(bucket="B*d"), secret_entry(allow="write")],
        colour="blue",
    )
    assert stack.run(FILE).paths == [
        "/access/0/bucket",
        "/access/1/allow",
        "/colour",
        "/expires_at",
        "/external_id",
        "/principals/0",
        "/principals/1",
    ]


def test_missing_bucket_and_missing_secret_are_both_reported(stack: StackDriver) -> None:
    stack.upload(access=[s3_entry(bucket="no-such-bucket"), secret_entry(secret="no/such")])
    run = stack.run(FILE)
    assert (run.outcome, run.iam_writes) == ("rejected", [])
    assert run.paths == ["/access/0/bucket", "/access/1/secret"]
    assert stack.grant()["status"] == "rejected"


def test_mended_config_is_granted(stack: StackDriver) -> None:
    stack.upload(access=[s3_entry(bucket="no-such-bucket")])
    stack.run(FILE)
    stack.granted()
    assert stack.history() == ["ConfigRejected", "AccessGranted"]


def test_rejected_version_is_recorded_once(stack: StackDriver) -> None:
    stack.upload(purpose="")
    stack.run(FILE)
    assert stack.run(FILE).steps == ["plan_grant"]
    assert stack.history() == ["ConfigRejected"]


def test_external_id_of_another_partner_is_refused(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(None, "partners/evil.json", partner="evil", principals=[OTHER_ACCOUNT])
    run = stack.run({**FILE, "key": "partners/evil.json"})
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/external_id"], [])


def test_external_id_is_free_again_after_the_grant_ended(stack: StackDriver) -> None:
    stack.granted()
    stack.remove()
    stack.run(FILE)
    stack.upload(None, "partners/evil.json", partner="evil")
    assert stack.run({**FILE, "key": "partners/evil.json"}).outcome == "created"


def test_generated_external_id_is_kept_and_shown_in_the_result(stack: StackDriver) -> None:
    stack.granted(**GENERATED)
    first = stack.result()["external_id"]
    assert len(first) >= 32
    stack.upload(**GENERATED, purpose="Other")
    assert stack.run(FILE).iam_writes == ["UpdateRole"]
    stack.run({"action": "suspend", "partner": "acme", "reason": "why"})
    stack.run({"action": "resume", "partner": "acme", "reason": "why"})
    assert stack.grant()["external_id"] == first


@pytest.mark.parametrize("key", ["partners/acme.json", "partners/heir.json"])
def test_generated_external_id_is_no_heir_s_after_the_end(stack: StackDriver, key: str) -> None:
    stack.granted(**GENERATED)
    first = stack.grant()["external_id"]
    stack.remove()
    stack.run(FILE)
    stack.upload(None, key, **GENERATED)
    assert stack.run({**FILE, "key": key}).outcome == "created"
    assert first not in json.dumps([stack.grant(), stack.role()], default=str)
    assert len(stack.grant()["external_id"]) >= 32


def test_generated_external_id_is_not_that_of_another_file_s_live_grant(
    stack: StackDriver,
) -> None:
    stack.granted(**GENERATED)
    first = stack.grant()["external_id"]
    stack.upload(None, "partners/heir.json", **GENERATED)
    stack.remove()
    assert stack.run({**FILE, "key": "partners/heir.json"}).outcome == "updated"
    assert first not in json.dumps([stack.grant(), stack.role()], default=str)


def test_generated_external_id_is_no_other_partner_s_in_the_same_file(stack: StackDriver) -> None:
    stack.granted(**GENERATED)
    first = stack.grant()["external_id"]
    stack.upload(**GENERATED, principals=[OTHER_ACCOUNT])
    stack.run(FILE)
    assert first not in json.dumps([stack.grant(), stack.role()], default=str)


def test_external_id_of_the_partner_s_is_never_taken_for_a_generated_one(
    stack: StackDriver,
) -> None:
    stack.granted(external_id="acme-7f3b2c91")
    stack.upload(**GENERATED)
    stack.run(FILE)
    assert stack.grant()["external_id"] != "acme-7f3b2c91"


def test_dry_run_of_an_unchanged_generated_external_id_plans_no_change(stack: StackDriver) -> None:
    stack.granted(external_id=None, generate_external_id=True)
    run = stack.run({**FILE, "dry_run": True})
    assert run.result["changes"] == []


@pytest.mark.parametrize(
    "request_",
    [
        {},
        [],
        None,
        "text",
        {"foo": 1},
        {"bucket": "config-bucket"},
        {"action": "delete", "partner": "acme"},
        {"action": "revoke"},
        {"action": "revoke", "partner": "acme", "config": {}},
        {"config": []},
        {"config": config_document(), "dry_run": "yes"},
        {"config": {"partner": "acme", "\ud800": 1}},
    ],
    ids=str,
)
def test_senseless_workflow_input_is_rejected_and_recorded(
    stack: StackDriver, request_: Any
) -> None:
    run = stack.run(request_)
    assert run.outcome == "rejected"
    assert [item["event"] for item in stack.items() if "event" in item] == ["ConfigRejected"]
