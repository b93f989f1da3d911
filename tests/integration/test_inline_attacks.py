"""Nothing is granted by what somebody wrote into the table, or into the bucket, by hand."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.inline_grants import CHECK, GRANT, LATER, ROLE, inline, put, set_by_hand
from tests.kit.examples import OTHER_ACCOUNT, config_document, s3_entry
from tests.kit.stack.aws import aws
from tests.kit.stack.driver import StackDriver

WIDE = config_document(
    principals=[OTHER_ACCOUNT], access=[s3_entry(bucket="other-bucket", allow="read-write")]
)


@pytest.fixture
def granted(stack: StackDriver) -> StackDriver:
    """A live grant by workflow input."""
    assert stack.run(inline()).outcome == "created"
    stack.rewritten = True  # by hand, which breaks the chain of its history
    return stack


def _trusts_other_account(stack: StackDriver) -> bool:
    return OTHER_ACCOUNT in json.dumps(stack.role(), default=str)


ATTACKS: dict[str, Callable[[StackDriver], object]] = {
    "a config in STATE": lambda _: set_by_hand("GRANT#acme.main", config=json.dumps(WIDE)),
    "a config in STATE, and no reference": lambda _: set_by_hand(
        "GRANT#acme.main", config=json.dumps(WIDE), config_object=None
    ),
    "a config and a status": lambda _: set_by_hand(
        "GRANT#acme.main", config=json.dumps(WIDE), config_object=None, status="failed"
    ),
    "a new version of the object": lambda _: put(WIDE),
    "a reference to a version that has not the digest": lambda stack: set_by_hand(
        "GRANT#acme.main", config_object={**stack.grant()["config_object"], "version": put(WIDE)}
    ),
    "a reference to another key": lambda _: set_by_hand(
        "GRANT#acme.main", config_object=_reference(WIDE, "partners/elsewhere.json")
    ),
    "a reference to another grant's object": lambda _: set_by_hand(
        "GRANT#acme.main",
        config_object=_reference({**WIDE, "grant": "other"}, "inline/acme.other.json"),
        grant="other",
    ),
    "a key that no config has": lambda _: set_by_hand(
        "GRANT#acme.main",
        config_key="elsewhere/acme.json",
        config_version=put(WIDE, "elsewhere/acme.json"),
    ),
    "an intent that has a config": lambda stack: _intent(stack, config=WIDE),
}


def _reference(document: Any, key: str) -> dict[str, str]:
    body = json.dumps(document).encode()
    return {"key": key, "version": put(document, key), "digest": hashlib.sha256(body).hexdigest()}


def _intent(stack: StackDriver, config: Any) -> None:
    """What a revoking function that is taken over could write: the intent log of the lease."""
    action = "resume" if stack.grant()["status"] == "suspended" else "suspend"
    state = stack.state({**GRANT, "action": action})
    state["plan"] = stack.invoke("plan_grant", state)
    stack.invoke("grant_access", state)  # and it dies: its intent is on the lease
    lease = stack.item("LEASE#acme.main", "LEASE")
    assert lease
    intents = {
        name: json.dumps(_without_reference(json.loads(text)))
        for name, text in lease["intents"].items()
    }
    text = json.dumps(config)
    set_by_hand(
        "LEASE#acme.main", intents=intents, begun_config=text, lease_until="2020-01-01T00:00:00Z"
    )


def _without_reference(intent: Any) -> Any:
    intent["plan"]["state"] |= {"config_object": None, "instruction": None}
    return intent


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("request_", ["resume", "drift"])
def test_nothing_is_granted_by_what_somebody_wrote_into_the_table_or_the_bucket(
    granted: StackDriver, attack: str, request_: str
) -> None:
    if request_ == "resume":
        granted.run({**GRANT, "action": "suspend"})
    ATTACKS[attack](granted)
    if request_ == "drift":
        aws("iam").delete_role_policy(RoleName=ROLE, PolicyName="latchkey-access")
    order = {**GRANT, "action": "resume"} if request_ == "resume" else CHECK
    granted.run(order, LATER)
    assert not _trusts_other_account(granted)
    iam = aws("iam")
    names = iam.list_role_policies(RoleName=ROLE)["PolicyNames"] if granted.role() else []
    assert all("other-bucket" not in json.dumps(granted.permissions()) for _ in names)


@pytest.mark.parametrize("attack", ATTACKS)
def test_revoking_needs_neither_reference_nor_object(granted: StackDriver, attack: str) -> None:
    if attack == "a reference to another grant's object":
        pytest.skip("the record then names another grant, which only the recorder can write")
    ATTACKS[attack](granted)
    run = granted.run({**GRANT, "action": "revoke"}, LATER)
    assert (run.outcome, granted.role()) == ("revoked", None)
    assert not any(call.startswith("s3:GetObject") for call in run.calls)


def test_a_version_on_record_that_named_another_grant_is_not_this_ones(
    stack: StackDriver,
) -> None:
    """Neither is it granted, nor does it end the grant."""
    other = stack.upload(None, "partners/acme.json", grant="other")
    stack.granted()
    text = json.dumps(config_document(grant="other"))
    named = {"key": "partners/acme.json", "version": other}
    digest = hashlib.sha256(text.encode()).hexdigest()
    set_by_hand("GRANT#acme.main", config_version=other, config_object={**named, "digest": digest})
    stack.upload(purpose="")
    found = stack.run({**CHECK, "by": "drift"}, LATER)
    assert (found.outcome, found.paths) == ("rejected", ["/grant"])
    assert stack.role()


def test_check_of_a_grant_that_ended_reads_and_grants_nothing(granted: StackDriver) -> None:
    granted.run({**GRANT, "action": "revoke"})
    set_by_hand("GRANT#acme.main", config=json.dumps(WIDE), instruction=None)
    run = granted.run(CHECK, LATER)
    assert (run.iam_writes, granted.role()) == ([], None)
