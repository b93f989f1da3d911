"""What a run carries at most: the shares together stay within what Step Functions allows."""

import json

from latchkey.config.strict_json import MAX_BYTES
from latchkey.grant_id import GrantId
from latchkey.grants.policies import INLINE_LIMIT, TRUST_LIMIT
from latchkey.keys import order_run
from latchkey.step_budget import (
    CONFIG,
    DOCUMENTS,
    GRANT,
    LEAST_WORDS,
    MOST,
    OUTCOME,
    PORTION,
    PROBLEMS,
    SPARE,
    TAGS,
    WORDS,
)

LONGEST = GrantId("p" * 22, "g" * 22)


def test_shares_of_a_rejected_run_fit() -> None:
    assert SPARE + CONFIG + 2 * PROBLEMS + LEAST_WORDS <= MOST


def test_shares_of_a_granted_run_fit() -> None:
    assert 4 * TAGS + DOCUMENTS + WORDS <= OUTCOME
    assert SPARE + CONFIG + OUTCOME <= MOST


def test_shares_of_an_order_for_many_fit() -> None:
    assert SPARE + PORTION * GRANT <= MOST


def test_grant_of_an_order_for_many_takes_up_no_more_than_its_share() -> None:
    run = order_run(LONGEST, "arn:aws:states:us-east-1:123456789012:execution:w:x")
    assert len(run) <= 80, "the longest name of an execution"
    item = {"partner": LONGEST.partner, "grant": LONGEST.grant, "run": run}
    done = {"grant": str(LONGEST), "outcome": "unchanged"}
    assert len(json.dumps([item, done])) <= GRANT


def test_shares_are_what_configs_and_roles_are_held_to() -> None:
    assert CONFIG == MAX_BYTES
    assert DOCUMENTS == 4 * (TRUST_LIMIT + INLINE_LIMIT)
