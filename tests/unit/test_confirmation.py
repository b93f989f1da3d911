"""Grants without a fixed end: when they were confirmed last, and what confirms nothing."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from latchkey.config.schema import PartnerConfig
from latchkey.grants.confirmation import Given, asks_the_same, confirmed_at, refusal, with_end
from latchkey.grants.record import GrantRecord
from latchkey.times import instant, stamp
from tests.kit.examples import config_document

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LAST, UPLOAD = NOW - 20 * DAY, NOW - 2 * DAY


def _document(**changes: Any) -> dict[str, Any]:
    return config_document("expires_at", **{"confirm_every_days": 30, **changes})


def _text(**changes: Any) -> str:
    return json.dumps(_document(**changes))


def _record(**changes: Any) -> GrantRecord:
    told: dict[str, Any] = {
        "status": "active",
        "role_arn": "arn:aws:iam::123456789012:role/partners/partner-acme.main",
        "config": _text(),
        "config_key": "partners/acme.json",
        "config_version": "v1",
        "confirmed_at": instant(LAST),
        "expires_at": instant(LAST + 30 * DAY),
        **changes,
    }
    return GrantRecord("acme", "main", **told)


SAME = Given("v2", _text(), UPLOAD)
OTHER = Given("v2", _text(purpose="Another one"), UPLOAD)

CASES: dict[str, tuple[GrantRecord | None, Given, datetime]] = {
    "a new grant, by its upload": (None, Given("v1", _text(), UPLOAD), UPLOAD),
    "the same version again": (_record(), Given("v1", _text(), UPLOAD), LAST),
    "the same version, read again as accepted": (_record(), Given("v1", _text()), LAST),
    "a copy of the same bytes": (_record(), SAME, LAST),
    "a version with other content": (_record(), OTHER, UPLOAD),
    "the order": (_record(), Given("v1", _text(), UPLOAD, NOW), NOW),
    "an order from before, run late": (_record(), Given("v1", _text(), None, NOW - DAY), NOW - DAY),
    "an old order run again": (_record(), Given("v1", _text(), None, LAST - DAY), LAST),
    "the order, and a version with other content": (
        _record(),
        Given("v2", _text(purpose="Another one"), UPLOAD, NOW - DAY),
        NOW - DAY,
    ),
    "an older upload than the last order": (
        _record(confirmed_at=instant(NOW - DAY)),
        OTHER,
        NOW - DAY,
    ),
    "a record that says it was confirmed tomorrow": (
        _record(confirmed_at=instant(NOW + 90 * DAY)),
        SAME,
        NOW,
    ),
    "a record that says nothing": (_record(confirmed_at="soon"), SAME, UPLOAD),
    "an upload whose clock is ahead": (None, Given("v1", _text(), NOW + DAY), NOW),
    "from a fixed end": (_record(confirmed_at=None, config="{}"), OTHER, UPLOAD),
    "a copy after the end": (_record(status="expired"), SAME, LAST),
    "other content after the end": (_record(status="expired"), OTHER, UPLOAD),
    "a copy after an order revoked it": (
        _record(status="revoked", instruction="revoke"),
        SAME,
        LAST,
    ),
    "uploaded again after its removal": (
        _record(status="revoked", updated_at=instant(UPLOAD - DAY)),
        SAME,
        UPLOAD,
    ),
    "uploaded under another name before its removal was on record": (
        _record(status="revoked", updated_at=instant(UPLOAD)),
        SAME,
        LAST,
    ),
    "removed at nobody knows what time": (_record(status="revoked", updated_at="?"), SAME, LAST),
    "a version tried again that never made a role": (
        _record(
            status="failed", role_arn=None, confirmed_at=None, config=None, config_version="v2"
        ),
        SAME,
        UPLOAD,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_confirmed_last(case: str) -> None:
    record, given, expected = CASES[case]
    assert confirmed_at(record, given, NOW) == expected


@pytest.mark.parametrize("case", CASES)
def test_looking_again_moves_nothing(case: str) -> None:
    """What was recorded of a run is what every later look at the same version comes to."""
    record, given, expected = CASES[case]
    recorded = GrantRecord.from_document(
        {
            **(record or _record()).document(),
            "status": "active",
            "instruction": None,
            "config": given.text,
            "config_version": given.version,
            "confirmed_at": instant(expected),
        }
    )
    for later in (NOW, NOW + DAY, NOW + 400 * DAY):
        for again in (given.given_at, None, later):
            found = confirmed_at(recorded, Given(given.version, given.text, again), later)
            assert found == expected


def test_end_follows_from_it_and_a_fixed_one_stays() -> None:
    open_ended = PartnerConfig.model_validate(_document())
    assert with_end(open_ended, _record(), SAME, NOW).ends_at == LAST + 30 * DAY
    shorter = PartnerConfig.model_validate(_document(confirm_every_days=7))
    given = Given("v2", _text(confirm_every_days=7), UPLOAD)
    assert with_end(shorter, _record(), given, NOW).ends_at == UPLOAD + 7 * DAY
    fixed = PartnerConfig.model_validate(config_document())
    assert with_end(fixed, _record(), SAME, NOW) is fixed


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (_text(), True),
        (json.dumps(_document(), indent=4), True),
        (json.dumps(dict(reversed(_document().items()))), True),
        (json.dumps({**_document(), "$schema": "https://example.com/schema.json"}), True),
        (_text(max_session_duration=3600, status="active"), True),
        (_text(purpose="Another one"), False),
        (_text(confirm_every_days=31), False),
        (json.dumps(config_document()), False),
        ("{}", False),
        ("[]", False),
        ("no JSON", False),
        (None, False),
    ],
)
def test_content_is_what_is_asked_for(text: str | None, same: bool) -> None:
    assert asks_the_same(_text(), text) is same
    assert asks_the_same(text, _text()) is same


_P = ["222233334444", "arn:aws:iam::555566667777:role/b"]
_S3 = {"service": "s3", "bucket": "data-bucket", "allow": "read"}
_QUEUE = "arn:aws:sqs:us-east-1:123456789012:jobs"
_CUSTOM = {
    "Effect": "Allow",
    "Action": ["sqs:SendMessage", "sqs:GetQueueUrl"],
    "Resource": [_QUEUE],
}


def _custom(**changes: Any) -> dict[str, Any]:
    return {"access": [{"service": "custom", "statements": [{**_CUSTOM, **changes}]}]}


WRITTEN_OTHERWISE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"principals": _P}, {"principals": _P[::-1]}),
    ({"principals": _P}, {"principals": ["arn:aws:iam::222233334444:root", _P[1]]}),
    ({"external_id": ["first-one", "second-one"]}, {"external_id": ["second-one", "first-one"]}),
    ({"external_id": "first-one"}, {"external_id": ["first-one"]}),
    ({"source_ips": ["203.0.113.7/32"]}, {"source_ips": ["203.0.113.7"]}),
    ({"session_tags": ["a", "b"]}, {"session_tags": ["b", "a"]}),
    ({"starts_at": "2026-12-01T00:00:00Z"}, {"starts_at": "2026-12-01T01:00:00+01:00"}),
    ({"access": [_S3, {**_S3, "prefix": "in"}]}, {"access": [{**_S3, "prefix": "in/"}, _S3]}),
    (_custom(), _custom(Action=_CUSTOM["Action"][::-1], Resource=_QUEUE)),
    ({"tags": {}}, {}),
]


@pytest.mark.parametrize("case", range(len(WRITTEN_OTHERWISE)))
def test_other_ways_to_write_it_are_no_other_content(case: int) -> None:
    one, other = (_text(**changes) for changes in WRITTEN_OTHERWISE[case])
    assert one != other or case == len(WRITTEN_OTHERWISE) - 1
    assert asks_the_same(one, other)
    assert asks_the_same(one, _text()) is (WRITTEN_OTHERWISE[case][0] == {"tags": {}})


def test_what_asks_for_something_else_differs() -> None:
    texts = [_text(**one) for one, _ in WRITTEN_OTHERWISE[1:]]
    assert not any(asks_the_same(a, b) for a in texts for b in texts if a is not b)


def test_order_from_before_another_one_is_refused() -> None:
    open_ended = PartnerConfig.model_validate(_document())
    resumed = _record(instruction="resume", instructed_at=stamp(NOW - DAY))
    assert "order it again" in (refusal(resumed, open_ended, NOW, NOW - 2 * DAY) or "")
    assert refusal(resumed, open_ended, NOW, NOW) is None


def test_what_nobody_knows_is_not_the_same() -> None:
    assert not asks_the_same(None, None)


REFUSED = {
    "suspended by order": (_record(status="suspended", instruction="suspend"), {}, "resume"),
    "suspended by its file": (_record(status="suspended"), {}, "resume"),
    "failed while it was suspended": (
        _record(status="failed", instruction="suspend"),
        {},
        "resume",
    ),
    "ended": (_record(expires_at=instant(NOW)), {}, "ended at 2026-06-01T12:00:00Z"),
    "the file says suspended": (_record(), {"status": "suspended"}, '"status": "suspended"'),
    "the file says revoked": (_record(), {"status": "revoked"}, '"status": "revoked"'),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    record, changes, words = REFUSED[case]
    config = PartnerConfig.model_validate(_document(**changes))
    assert words in (refusal(record, config, NOW, NOW) or "")


def test_fixed_end_is_refused_and_the_rest_is_not() -> None:
    fixed = PartnerConfig.model_validate(config_document())
    assert "latchkey renew" in (refusal(_record(), fixed, NOW, NOW) or "")
    open_ended = PartnerConfig.model_validate(_document())
    second = NOW + timedelta(seconds=1)
    assert refusal(_record(expires_at=instant(second)), open_ended, NOW, NOW) is None
    assert refusal(_record(status="failed"), open_ended, NOW, NOW) is None
    assert refusal(_record(), None, NOW, NOW) is None
