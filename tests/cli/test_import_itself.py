"""`latchkey import` of roles that may assume themselves."""

from copy import deepcopy
from typing import Any

import pytest

from latchkey_cli.importing.role import ExistingRole
from tests.cli.hand_made import GRANTED, PARTNER, SAID, allow_statement, imported, trust_of
from tests.kit.examples import ACCOUNT

ARN = f"arn:aws:iam::{ACCOUNT}:role/uc-access"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
BY_ID = {"sts:ExternalId": "acme-7f3b2c91"}
ITSELF = trust_of(ROOT, ArnLike={"aws:PrincipalArn": ARN}, StringEquals=BY_ID)


def _imported(*trusted: Any) -> Any:
    policy = {"Statement": [GRANTED, allow_statement(["sts:AssumeRole"], [ARN])]}
    trust = {"Statement": [trust_of(PARTNER, StringEquals=BY_ID), *deepcopy(trusted)]}
    return imported(ExistingRole("uc-access", ARN, trust, {"inline": policy}), SAID)[1]


SAME: list[dict[str, Any]] = [
    ITSELF,
    trust_of({"AWS": ARN}, StringEquals=BY_ID),
    trust_of({"AWS": ACCOUNT}, StringEquals={**BY_ID, "aws:PrincipalArn": ARN}),
    trust_of(ROOT, ArnEquals={"aws:PrincipalArn": [ARN]}, StringEquals=BY_ID),
]


@pytest.mark.parametrize("statement", SAME, ids=repr)
def test_a_role_that_trusts_itself_is_kept_so_without_a_note(statement: Any) -> None:
    described = _imported(statement)
    assert described.config["self_assume"] is True
    assert described.config["principals"] == [PARTNER["AWS"]]
    assert not [note for note in described.notes if note.kind in ("lost", "wider")]


def test_a_condition_that_a_config_cannot_keep_is_wider() -> None:
    statement = {
        **ITSELF,
        "Condition": {**ITSELF["Condition"], "Bool": {"aws:ViaAWSService": "no"}},
    }
    kinds = {note.kind for note in _imported(statement).notes if "itself" in note.text}
    assert kinds == {"wider"}


def test_one_that_asks_itself_for_no_external_id_is_told() -> None:
    (note,) = [note for note in _imported(trust_of({"AWS": ARN})).notes if "itself" in note.text]
    assert note.kind == "decide"


OTHERS: list[dict[str, Any]] = [
    trust_of(ROOT, StringEquals=BY_ID),
    trust_of(ROOT, ArnLike={"aws:PrincipalArn": f"{ARN}*"}),
    trust_of(ROOT, ArnLike={"aws:PrincipalArn": [ARN, f"{ARN}2"]}),
    trust_of(ROOT, ArnNotLike={"aws:PrincipalArn": ARN}),
    trust_of({"AWS": f"{ARN}2"}),
]


@pytest.mark.parametrize("statement", OTHERS, ids=repr)
def test_others_of_this_account_are_not_the_role_itself(statement: Any) -> None:
    described = _imported(statement)
    assert "self_assume" not in described.config
    lost = [note.text for note in described.notes if note.kind == "lost"]
    assert any("needs no grant" in text for text in lost)
    assert any("sts:AssumeRole" in text for text in lost), "the permission is told as well"


def test_a_role_named_beside_its_partner_is_itself() -> None:
    policy = {"Statement": [GRANTED, allow_statement("sts:AssumeRole", ARN)]}
    trust = {"Statement": trust_of({"AWS": [PARTNER["AWS"], ARN]}, StringEquals=BY_ID)}
    _, described = imported(ExistingRole("uc-access", ARN, trust, {"inline": policy}), SAID)
    assert described.config["self_assume"] is True
    assert described.config["principals"] == [PARTNER["AWS"]]
    assert not [note for note in described.notes if note.kind in ("lost", "wider")]


def test_what_only_the_partner_may_bring_is_told_as_wider() -> None:
    actions = ["sts:AssumeRole", "sts:TagSession"]
    tagging = {**trust_of(PARTNER, StringEquals=BY_ID), "Action": actions}
    policy = {"Statement": [GRANTED, allow_statement("sts:AssumeRole", ARN)]}
    trust = {"Statement": [tagging, ITSELF]}
    _, described = imported(ExistingRole("uc-access", ARN, trust, {"inline": policy}), SAID)
    assert described.config["session_tags"] is True
    (note,) = [note for note in described.notes if note.kind == "wider"]
    assert note.text == "session_tags: now also where the role assumes itself"


def test_a_role_without_the_permission_is_told_as_wider() -> None:
    trust = {"Statement": [trust_of(PARTNER, StringEquals=BY_ID), ITSELF]}
    role = ExistingRole("uc-access", ARN, trust, {"inline": {"Statement": [GRANTED]}})
    _, described = imported(role, SAID)
    (note,) = [note for note in described.notes if note.kind == "wider"]
    assert "do not allow sts:AssumeRole on itself" in note.text
