"""Which rules a plan has to keep: by what its grant touches, and for how long."""

from datetime import timedelta
from typing import Any

import pytest

from latchkey.config.approval_rules import Approval
from latchkey.grants.approval import Touched, days_of, rules_for
from latchkey.grants.widening import More
from latchkey.services.reach import reach
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    KEY_ARN,
    NOW,
    OTHER_ACCOUNT,
    config,
    resources_of,
    s3_entry,
    secret_entry,
)

GROUPS = {"security": {"members": ["AROAADAADAADAADA01"]}}


def _touched(
    days: float = 10.0, account: str = ACCOUNT, access: Any = None, keys: tuple[str, ...] = ()
) -> Touched:
    ask = config(**({"access": access} if access else {}))
    reached = [
        one
        for entry, found in zip(ask.access, resources_of(ask, keys=keys), strict=True)
        for one in reach(entry, found, AWS_ENVIRONMENT)
    ]
    services = frozenset(entry.service for entry in ask.access)
    return Touched(services, tuple(reached), account, days)


BUCKET = [s3_entry(bucket="finance-data", prefix="in")]
KEY = {"service": "kms", "key": KEY_ARN.rpartition("/")[2], "allow": "use"}
QUERIES = [{"service": "athena", "workgroup": "partners", "allow": "query"}]
_STATEMENT = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-bucket/in/*"}
CUSTOM = [{"service": "custom", "statements": [_STATEMENT]}]
MATCHES: list[tuple[dict[str, Any], Touched, More, bool]] = [
    ({"widening": True}, _touched(), "widens", True),
    ({"widening": True}, _touched(), "prolongs", False),
    ({"services": ["s3"]}, _touched(), "widens", True),
    ({"services": ["s3"]}, _touched(), "prolongs", False),
    ({"services": ["secretsmanager"]}, _touched(), "widens", False),
    ({"services": ["s3", "sqs"]}, _touched(access=[secret_entry(), s3_entry()]), "widens", True),
    ({"resources": ["arn:aws:s3:::finance-*"]}, _touched(access=BUCKET), "widens", True),
    ({"resources": ["arn:aws:s3:::finance-data"]}, _touched(access=BUCKET), "widens", True),
    ({"resources": ["arn:aws:s3:::finance-data/in/x"]}, _touched(access=BUCKET), "widens", True),
    ({"resources": ["arn:aws:s3:::finance-data/out/*"]}, _touched(access=BUCKET), "widens", False),
    ({"accounts": [ACCOUNT]}, _touched(), "widens", True),
    ({"accounts": [OTHER_ACCOUNT]}, _touched(), "widens", False),
    ({"days": 10}, _touched(10.0), "widens", False),
    ({"days": 10}, _touched(10.1), "widens", True),
    ({"days": 10}, _touched(10.1), "prolongs", True),
    ({"days": 36_500}, _touched(float("inf")), "prolongs", True),
    ({"days": 10, "services": ["sqs"]}, _touched(11.0), "widens", False),
    ({"days": 10, "services": ["s3"]}, _touched(11.0), "prolongs", True),
    ({"widening": True, "services": ["sqs"]}, _touched(), "widens", False),
    ({"services": ["s3"]}, _touched(access=CUSTOM), "widens", True),
    ({"services": ["custom"]}, _touched(access=CUSTOM), "widens", True),
    ({"services": ["sqs"]}, _touched(access=CUSTOM), "widens", False),
    ({"services": ["s3"]}, _touched(access=QUERIES), "widens", True),
    ({"services": ["kms"]}, _touched(access=[secret_entry()], keys=(KEY_ARN,)), "widens", False),
    ({"services": ["kms"]}, _touched(access=[KEY]), "widens", True),
    ({"resources": [KEY_ARN]}, _touched(access=[secret_entry()], keys=(KEY_ARN,)), "widens", True),
]


@pytest.mark.parametrize(("when", "touched", "gives", "applies"), MATCHES)
def test_a_rule_applies_where_all_that_it_names_holds(
    when: Any, touched: Touched, gives: More, applies: bool
) -> None:
    rules = [{"when": when, "groups": {"security": 1}}]
    approval = Approval.model_validate({"groups": GROUPS, "rules": rules})
    assert bool(rules_for(approval, touched, gives)) is applies
    assert rules_for(None, touched, gives) == ()


def test_days_count_from_the_start() -> None:
    ask = config(starts_at="2027-01-01T00:00:00Z", expires_at="2027-01-31T00:00:00Z")
    assert days_of(dict(ask), NOW) == 30
    assert days_of(dict(ask), NOW, NOW - timedelta(days=3)) == (ask.ends_at - NOW).days + 3.5
    assert days_of(dict(ask), NOW, NOW + timedelta(days=3)) == 30, "it has not begun"
    unending = config("expires_at", confirm_every_days=30)
    assert days_of(dict(unending), NOW) == float("inf")
