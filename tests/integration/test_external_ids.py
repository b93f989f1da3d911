"""Several external IDs: claimed, accepted and given back one by one, and no more than that."""

import json
from datetime import timedelta
from typing import Any

import pytest

from latchkey.times import instant
from tests.kit.access import Access
from tests.kit.examples import NOW, OTHER_ACCOUNT, PARTNER_ACCOUNT
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

ROLE = "partner-acme.main"
OLD, NEW, THIRD = "acme-7f3b2c91", "acme-5a1b9d47", "acme-7f3b2c91-b"
LATER = NOW + timedelta(hours=1)
CUT_OFF = instant(LATER + timedelta(seconds=60))
CHECK = {"action": "check", "partner": "acme", "grant": "main"}
ROLE_OF_PARTNER = f"arn:aws:iam::{PARTNER_ACCOUNT}:role/loader"


def _trust() -> dict[str, Any]:
    found = aws("iam").get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
    return dict(found)


def _asked() -> Any:
    (statement,) = _trust()["Statement"]
    return statement["Condition"].get("StringEquals", {}).get("sts:ExternalId")


def _claimed(stack: StackDriver) -> dict[str, str]:
    """Which partner has which external ID."""
    items = (item for item in stack.items() if item["sk"] == "CLAIM" and item.get("grants"))
    return {item["pk"].removeprefix("EXTERNAL_ID#"): item["partner"] for item in items}


def _let_in(*sent: str) -> list[bool]:
    return [Access(aws("iam"), ROLE, one).opens(LATER) for one in sent]


def test_each_of_several_lets_the_partner_in_and_is_on_record(stack: StackDriver) -> None:
    stack.granted(external_id=[OLD, NEW])
    assert _asked() == [NEW, OLD]
    assert _let_in(OLD, NEW, THIRD, f"{OLD},{NEW}", "") == [True, True, False, False, False]
    assert _claimed(stack) == {OLD: "acme", NEW: "acme"}
    state, result = stack.grant(), stack.result()
    assert (state["external_id"], state["external_ids"]) == (OLD, [OLD, NEW])
    assert (result["external_id"], result["external_ids"]) == (OLD, [OLD, NEW])


def test_rotation_lets_both_in_until_the_old_one_leaves_and_its_sessions_end(
    stack: StackDriver,
) -> None:
    stack.granted(external_id=OLD)
    stack.upload(external_id=[OLD, NEW])
    run = stack.run(FILE)
    assert run.iam_writes == ["UpdateAssumeRolePolicy"]
    assert [line["text"] for line in run.result["summary"]] == [
        "now also accepts another external ID"
    ]
    assert (_let_in(OLD, NEW), stack.grant()["issued_before"]) == ([True, True], None)
    stack.upload(external_id=NEW)
    run = stack.run(FILE, LATER)
    assert run.iam_writes == ["UpdateAssumeRolePolicy", "PutRolePolicy"]
    assert run.result["summary"][0]["text"] == "no longer accepts 1 of the 2 external IDs"
    assert not run.result["widens"]
    assert (_let_in(OLD, NEW), stack.grant()["issued_before"]) == ([False, True], CUT_OFF)
    assert _claimed(stack) == {NEW: "acme"}
    assert stack.grant()["external_ids"] == [NEW]


def test_nothing_is_allowed_while_one_comes_and_another_goes(stack: StackDriver) -> None:
    stack.granted(external_id=[OLD, NEW])
    stack.upload(external_id=[NEW, THIRD])
    run = stack.run(FILE, LATER)
    assert run.iam_writes == ["UpdateAssumeRolePolicy", "PutRolePolicy"]
    assert stack.grant()["issued_before"] == CUT_OFF
    assert _let_in(OLD, NEW, THIRD) == [False, True, True]
    assert _claimed(stack) == {NEW: "acme", THIRD: "acme"}


@pytest.mark.parametrize("given", [[NEW, OLD], [OLD, NEW, OLD]])
def test_order_and_repetition_change_nothing(stack: StackDriver, given: list[str]) -> None:
    stack.granted(external_id=[OLD, NEW])
    stack.upload(external_id=given)
    assert stack.run(FILE, LATER).iam_writes == []
    assert _claimed(stack) == {OLD: "acme", NEW: "acme"}
    assert not any(stack.invoke("check_drift", {}, LATER).values())


def test_one_that_another_partner_uses_is_refused_and_nothing_is_claimed(
    stack: StackDriver,
) -> None:
    stack.granted(external_id=[OLD, NEW])
    theirs: dict[str, Any] = {"partner": "evil", "principals": [OTHER_ACCOUNT]}
    stack.upload(None, "partners/evil.json", external_id=["evil-11111", NEW, OLD], **theirs)
    run = stack.run({**FILE, "key": "partners/evil.json"})
    assert (run.outcome, run.iam_writes) == ("rejected", [])
    assert run.paths == ["/external_id/1", "/external_id/2"]
    assert NEW not in str(run.result["problems"])
    assert _claimed(stack) == {OLD: "acme", NEW: "acme"}


def test_dry_run_names_the_one_that_is_in_use(stack: StackDriver) -> None:
    stack.granted(external_id=OLD)
    theirs: dict[str, Any] = {"partner": "evil", "principals": [OTHER_ACCOUNT]}
    stack.upload(None, "partners/evil.json", external_id=["evil-11111", OLD], **theirs)
    run = stack.run({**FILE, "key": "partners/evil.json", "dry_run": True})
    assert (run.outcome, run.paths) == ("rejected", ["/external_id/1"])


def test_one_that_left_the_list_is_free_for_another_partner(stack: StackDriver) -> None:
    stack.granted(external_id=[OLD, NEW])
    stack.upload(external_id=[NEW])
    stack.run(FILE, LATER)
    stack.upload(None, "partners/b.json", partner="other", external_id=OLD)
    assert stack.run({**FILE, "key": "partners/b.json"}, LATER).outcome == "created"
    assert _claimed(stack) == {NEW: "acme", OLD: "other"}


def test_all_are_given_back_with_the_grant(stack: StackDriver) -> None:
    stack.granted(external_id=[OLD, NEW, THIRD])
    stack.remove()
    assert stack.run(FILE).outcome == "revoked"
    assert _claimed(stack) == {}
    assert (stack.grant()["external_id"], stack.grant()["external_ids"]) == (OLD, [])


def test_failed_change_keeps_all_that_the_role_may_accept(stack: StackDriver) -> None:
    stack.granted(external_id=[OLD, NEW])
    stack.upload(external_id=[NEW, THIRD])
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["error"] = {"Error": "PermissionDenied", "Cause": "{}"}
    stack.invoke("record_outcome", state)
    assert set(stack.grant()["external_ids"]) == {OLD, NEW, THIRD}
    assert set(_claimed(stack)) == {OLD, NEW, THIRD}
    stack.run(FILE, LATER)
    assert stack.grant()["external_ids"] == [NEW, THIRD]
    assert set(_claimed(stack)) == {NEW, THIRD}


def _put_by_hand(*external_ids: str) -> None:
    trust = _trust()
    trust["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"] = [*external_ids]
    aws("iam").update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(trust))


def test_external_id_added_by_hand_is_taken_off_and_its_sessions_end(stack: StackDriver) -> None:
    stack.granted(external_id=[OLD, NEW])
    _put_by_hand(OLD, NEW, THIRD)
    run = stack.run(CHECK, LATER)
    assert (run.outcome, _asked()) == ("updated", [NEW, OLD])
    assert stack.grant()["issued_before"] == CUT_OFF
    assert THIRD not in str(run.result["summary"])


def test_external_id_taken_off_by_hand_stays_off_until_resumed(stack: StackDriver) -> None:
    stack.granted(external_id=[OLD, NEW])
    _put_by_hand(NEW)
    run = stack.run(CHECK, LATER)
    assert "UpdateAssumeRolePolicy" not in run.iam_writes
    assert _let_in(OLD, NEW) == [False, True]
    stack.run({**CHECK, "action": "resume", "reason": "back", "requested_by": "ops"}, LATER)
    assert _let_in(OLD, NEW) == [True, True]


LISTED = [ROLE_OF_PARTNER]


def test_listed_role_needs_none_until_it_leaves_the_list(stack: StackDriver) -> None:
    stack.upload(external_id=None, principals=LISTED)
    assert stack.run(FILE).paths == ["/external_id"]
    stack.guard(no_external_id_principals=LISTED)
    stack.granted(external_id=None, principals=LISTED)
    assert _asked() is None
    assert (stack.grant()["external_id"], stack.grant()["external_ids"]) == (None, [])
    stack.guard()
    run = stack.run(CHECK, LATER)
    assert (run.iam_writes, stack.grant()["status"]) == ([], "active")
    assert "no_external_id_principals" in str(stack.grant()["findings"])
    stack.upload(external_id=None, principals=LISTED, purpose="Another")
    run = stack.run(FILE, LATER)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/external_id"], [])


def test_asking_for_one_that_was_not_needed_ends_sessions(stack: StackDriver) -> None:
    stack.guard(no_external_id_principals=LISTED)
    stack.granted(external_id=None, principals=LISTED)
    stack.upload(external_id=[OLD, NEW], principals=LISTED)
    run = stack.run(FILE, LATER)
    assert stack.grant()["issued_before"] == CUT_OFF
    assert "needs an external ID" in [line["text"] for line in run.result["summary"]]


def test_short_external_id_is_granted_where_the_guardrail_allows_it(stack: StackDriver) -> None:
    stack.upload(external_id=[OLD, "ab12"])
    run = stack.run(FILE)
    assert (run.paths, run.iam_writes) == (["/external_id/1"], [])
    assert "min_external_id_length" in run.result["problems"][0]["message"]
    stack.guard(min_external_id_length=4)
    stack.granted(external_id=[OLD, "ab12"])
    assert _asked() == ["ab12", OLD]


def test_no_message_and_no_file_for_people_quotes_one_of_several(stack: StackDriver) -> None:
    ids = [OLD, THIRD, f"{OLD}-{'zyx' * 12}-1", f"{OLD}-{'zyx' * 12}-22"]
    stack.granted(external_id=ids, purpose=f"rotates {THIRD}, {ids[2]}", owner=ids[3])
    stack.upload(external_id=ids[:3], tags={"was": ids[3]})
    run = stack.run(FILE)
    assert run.outcome == "updated"
    stack.run({**CHECK, "action": "suspend", "reason": f"{ids[3]} leaked; so did {ids[2][:40]}"})
    told = (
        json.dumps(stack.events()),
        json.dumps(stack.notices()),
        stack.text("partners/acme.result.md"),
    )
    for text in told:
        assert text
        assert OLD not in text
        assert "zyx" not in text
