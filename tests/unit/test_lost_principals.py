"""Of a trust policy with IDs of deleted principals: whether nothing else was changed in it."""

from typing import Any

import pytest

from latchkey.iam.lost_principals import only_lost_principals

GONE = "AROA" + "EXAMPLE" * 2
ONE, TWO = "444455556666", "arn:aws:iam::444455556666:role/reader"


def _trust(*principals: str, **changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": list(principals)},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "acme-4711"}},
    }
    return {"Version": "2012-10-17", "Statement": [{**statement, **changes}]}


WRITTEN = _trust("arn:aws:iam::444455556666:root", TWO)


@pytest.mark.parametrize("found", [_trust(GONE), _trust(ONE, GONE), _trust(GONE, ONE), _trust(ONE)])
def test_ids_in_place_of_principals_are_no_change_by_hand(found: dict[str, Any]) -> None:
    assert only_lost_principals(found, WRITTEN)


@pytest.mark.parametrize(
    "found",
    [
        _trust(GONE, "123456789012"),
        _trust(GONE, Condition={}),
        _trust(GONE, Action="sts:*"),
        _trust(GONE, Effect="Deny"),
        _trust(GONE, Principal="*"),
        _trust(GONE, Principal={"AWS": [GONE], "Service": "ec2.amazonaws.com"}),
        {**WRITTEN, "Statement": [*_trust(GONE)["Statement"], *_trust(ONE)["Statement"]]},
        {"Version": "2012-10-17", "Statement": []},
    ],
    ids=repr,
)
def test_anything_else_is(found: dict[str, Any]) -> None:
    assert not only_lost_principals(found, WRITTEN)


TAGS: dict[str, Any] = {"Action": "sts:TagSession", "Condition": {}}


def _two(*principals: str, **tags: Any) -> dict[str, Any]:
    return {
        **WRITTEN,
        "Statement": [
            *_trust(*principals)["Statement"],
            *_trust(*principals, **{**TAGS, **tags})["Statement"],
        ],
    }


def test_so_it_is_in_each_of_several_statements() -> None:
    written = _two("arn:aws:iam::444455556666:root", TWO)
    assert only_lost_principals(_two(ONE, GONE), written)
    assert not only_lost_principals(_two(ONE, GONE, Action="sts:*"), written)
    assert not only_lost_principals(_trust(ONE, GONE), written), "a statement is gone"
