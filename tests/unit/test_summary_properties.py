"""No widening is ever left out of a summary, whatever the policies; IAM's own rules are judge."""

from collections.abc import Iterator
from copy import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latchkey.grants.plan import GrantPlan
from latchkey.grants.role import DesiredRole
from latchkey.grants.role_changes import plan_role
from latchkey.grants.role_view import view
from latchkey.iam.canonical import same_policy
from latchkey.reports.summary.effects import only_narrows
from latchkey.reports.summary.in_words import in_words
from latchkey.services.labels import labels_of
from tests.kit.examples import observed
from tests.unit.policy_pairs import pairs, pairs_by_hand, requests

_slow = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def told(old: DesiredRole | None, new: DesiredRole) -> dict[str, Any]:
    """What a plan says that makes one role into the other."""
    before = observed(old) if old else None
    changes = plan_role(new, before)
    plan = GrantPlan("grant", "updated", "", "", changes=changes, desired=new, before=view(before))
    return in_words(plan)


def _newly_allowed(
    data: st.DataObject, old: DesiredRole, new: DesiredRole, times: int
) -> Iterator[Any]:
    for _ in range(times):
        asked = data.draw(requests(new))
        if asked.granted(new) and not asked.granted(old):
            yield asked


@given(pairs(), st.data())
@_slow
def test_what_the_catalogue_newly_allows_is_described_as_widening(
    pair: tuple[DesiredRole, DesiredRole], data: st.DataObject
) -> None:
    old, new = pair
    found = told(old, new)
    if not found["widens"]:
        assert list(_newly_allowed(data, old, new, 8)) == []


@given(pairs_by_hand(), st.data())
@_slow
def test_what_policies_written_by_hand_newly_allow_is_described_as_widening(
    pair: tuple[DesiredRole, DesiredRole], data: st.DataObject
) -> None:
    old, new = pair
    found = told(old, new)
    if not found["widens"]:
        assert list(_newly_allowed(data, old, new, 8)) == []


@given(st.one_of(pairs(), pairs_by_hand()))
@_slow
def test_there_is_a_summary_exactly_where_something_is_changed(
    pair: tuple[DesiredRole, DesiredRole],
) -> None:
    old, new = pair
    found = told(old, new)
    assert bool(found["summary"]) == bool(plan_role(new, observed(old)))
    same = same_policy(old.trust_policy, new.trust_policy) and same_policy(
        old.permissions_policy, new.permissions_policy
    )
    assert bool(found["policy_difference"]) == (not same)
    assert found["widens"] == any(line["effect"] == "widens" for line in found["summary"])
    assert not (found["widens"] and only_narrows(found["summary"]))
    assert told(old, replace(old, tags=dict(old.tags)))["summary"] == []


@given(pairs())
@_slow
def test_an_external_id_is_in_no_line_and_no_row(pair: tuple[DesiredRole, DesiredRole]) -> None:
    for old, new in ((None, pair[0]), pair):
        found = told(old, new)
        text = repr(found["summary"]) + repr(found["allows"])
        assert "acme-7f3b2c91" not in text and "acme-00000000" not in text


@given(pairs())
@_slow
def test_every_action_that_is_allowed_has_its_labels_in_the_rows(
    pair: tuple[DesiredRole, DesiredRole],
) -> None:
    role = pair[1]
    rows = told(None, role)["allows"]
    statements = role.permissions_policy["Statement"]
    granted = [name for s in statements if s["Effect"] == "Allow" for name in s["Action"]]
    asked = {(name.partition(":")[0], verb) for name in granted for verb in labels_of(name)}
    assert {(row["service"], verb) for row in rows for verb in row["may"]} == asked
