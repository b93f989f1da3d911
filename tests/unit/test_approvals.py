"""Who has approved: by where a file is and when it came, and by nothing else."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.config.approval_rules import Approval, enough
from latchkey.grant_id import GrantId
from latchkey.grants.approval import (
    Asked,
    Counted,
    counted,
    may_count,
)
from latchkey.grants.approval_key import GivenApproval
from tests.kit.examples import (
    NOW,
)

GRANT = GrantId("acme", "main")
DIGEST, OTHER = "a" * 64, "b" * 64
ADA, BEN, EVE = "AROAADAADAADAADA01", "AIDABENBENBENBEN01", "AROAEVEEVEEVEEVE01"
SSO = "AROASSOSSOSSOSSO01"
SECOND = timedelta(seconds=1)
AUTHOR = ("AROAUPLOADERROLE01", "mallory")


def asked(rules: Any = None, **groups: Any) -> Asked:
    named = {
        "security": {"members": [ADA, BEN]},
        "finance": {"members": [BEN, "AIDACARLCARLCARL01"]},
        "people": {"members": [SSO], "identity_center": True},
        **groups,
    }
    every = [{"when": {"widening": True}, "groups": {"security": 1}}]
    approval = Approval.model_validate({"groups": named, "rules": rules or every})
    return Asked(GRANT, DIGEST, approval, tuple(approval.rules))


def given_by(user: str, group: str = "security", **changes: Any) -> GivenApproval:
    user_id, _, session = user.partition(":")
    fields: dict[str, Any] = {"grant": str(GRANT), "digest": DIGEST, "rejects": False}
    fields |= {"group": group, "user_id": user_id, "session": session or None, "at": NOW + SECOND}
    return GivenApproval(**(fields | changes))


def count(what: Asked, *given: GivenApproval, **changes: Any) -> Counted:
    fields: dict[str, Any] = {"since": NOW, "now": NOW + 60 * SECOND, "author": AUTHOR} | changes
    return counted(what, given, **fields)


def people(found: Counted) -> Mapping[str, tuple[str, ...]]:
    return {need.group: need.given for need in found.needs}


TWO = [{"when": {"widening": True}, "groups": {"security": 2}}]
BOTH = [{"when": {"widening": True}, "groups": {"security": 1, "finance": 1}}]
PEOPLE = [{"when": {"widening": True}, "groups": {"people": 2}}]


def test_one_of_two_is_not_enough_and_two_are() -> None:
    one = count(asked(TWO), given_by(f"{ADA}:s"))
    assert (one.enough, people(one)) == (False, {"security": (ADA,)})
    assert count(asked(TWO), given_by(f"{ADA}:s"), given_by(BEN)).enough


@pytest.mark.parametrize(
    "given",
    [
        given_by(f"{EVE}:ada"),
        given_by(f"{ADA}:s", digest=OTHER),
        given_by(f"{ADA}:s", grant="acme.other"),
        given_by(f"{ADA}:s", "finance"),
        given_by(f"{ADA}:s", "nobody"),
        given_by(f"{ADA}:s", at=NOW),
        given_by(f"{ADA}:s", at=NOW - SECOND),
        given_by(f"{ADA}:s", at=NOW - timedelta(days=400)),
    ],
    ids=["no member", "digest", "grant", "group", "no group", "same second", "before", "long ago"],
)
def test_what_does_not_count(given: GivenApproval) -> None:
    found = count(asked(), given)
    assert (found.enough, found.people) == (False, ())


def test_an_approval_ends_with_its_validity() -> None:
    rules = [{"when": {"widening": True}, "groups": {"security": 1}, "valid_for_hours": 2}]
    given, end = given_by(f"{ADA}:s"), NOW + SECOND + timedelta(hours=2)
    assert count(asked(rules), given, now=end - SECOND).enough
    assert not count(asked(rules), given, now=end).enough
    rules.append({"when": {"days": 1}, "groups": {"security": 1}, "valid_for_hours": 1})
    assert not count(asked(rules), given, now=end - SECOND).enough


def test_session_names_make_nobody_two_people() -> None:
    found = count(asked(TWO), *(given_by(f"{ADA}:{name}") for name in ("ada", "ben", "carl")))
    assert (found.enough, people(found)) == (False, {"security": (ADA,)})


def test_who_uploaded_does_not_approve_whatever_the_session_is_called() -> None:
    assert not count(asked(), given_by(f"{ADA}:other"), author=(ADA, "mine")).enough
    assert not count(asked(), given_by(BEN), author=(BEN, None)).enough
    assert count(asked(), given_by(BEN), author=(ADA, "mine")).enough


def test_nobody_is_another_person_than_an_unknown_author() -> None:
    assert not count(asked(TWO), given_by(f"{ADA}:s"), given_by(BEN), author=None).enough


def test_people_of_identity_center_count_by_their_names() -> None:
    two = [given_by(f"{SSO}:{name}", "people") for name in ("ada@example.com", "ben@example.com")]
    assert count(asked(PEOPLE), *two).enough
    again = given_by(f"{SSO}:Ada@Example.com", "people")
    assert not count(asked(PEOPLE), two[0], again).enough
    for author in [(SSO, "ada@example.com"), (EVE, "ADA@example.com")]:
        assert people(count(asked(PEOPLE), *two, author=author)) == {"people": ("ben@example.com",)}


def test_one_person_counts_for_one_group() -> None:
    alone = [given_by(BEN), given_by(BEN, "finance")]
    assert not count(asked(BOTH), *alone).enough
    assert count(asked(BOTH), *alone, given_by(f"{ADA}:s")).enough
    assert count(asked(BOTH), *alone[1:], given_by(f"{ADA}:s")).enough


def test_a_rejection_by_the_group_counts_and_no_other() -> None:
    both = [given_by(f"{ADA}:s"), given_by(BEN, rejects=True)]
    found = count(asked(), *both)
    assert (found.enough, found.rejected_by) == (False, f"{BEN} of security")
    assert count(asked(), both[0], given_by(f"{EVE}:s", rejects=True)).enough
    assert count(asked(), both[0], given_by(BEN, rejects=True, at=NOW)).enough


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(1, 3), min_size=1),
    st.dictionaries(st.sampled_from("abc"), st.sets(st.sampled_from("vwxyz")), min_size=1),
)
def test_enough_is_what_trying_all_ways_finds(needed: Any, found: Any) -> None:
    places = [group for group, number in needed.items() for _ in range(number)]
    everybody = sorted({one for group in found.values() for one in group})
    tried = any(
        all(one in found.get(group, ()) for one, group in zip(seated, places, strict=True))
        for seated in permutations(everybody, len(places))
    )
    assert enough(needed, found) == tried


def test_of_several_rules_each_is_kept() -> None:
    rules = [
        {"when": {"services": ["s3"]}, "groups": {"security": 1}},
        {"when": {"resources": ["arn:aws:s3:::finance-*"]}, "groups": {"finance": 1}},
        {"when": {"widening": True}, "groups": {"security": 2}},
    ]
    assert asked(rules).needed == {"finance": 1, "security": 2}


@pytest.mark.parametrize(
    ("one", "author", "expected"),
    [
        (given_by(ADA), AUTHOR, True),
        (given_by(ADA), (ADA, "s"), False),
        (given_by(ADA), None, False),
        (given_by(EVE), AUTHOR, False),
        (given_by(ADA, "nobody-asks"), AUTHOR, False),
        (given_by(f"{SSO}:ada", "people"), AUTHOR, True),
        (given_by(f"{SSO}:mallory", "people"), AUTHOR, False),
        (given_by(ADA, at=NOW - timedelta(hours=24) + 61 * SECOND), AUTHOR, True),
        (given_by(ADA, at=NOW - timedelta(hours=24) + 60 * SECOND), AUTHOR, False),
    ],
)
def test_what_is_listed_is_what_can_count_by_any_rule(
    one: GivenApproval, author: Any, expected: bool
) -> None:
    when = {"widening": True}
    rules = [
        {"when": when, "groups": {"security": 1, "people": 1}, "valid_for_hours": 24},
        {"when": when, "groups": {"security": 1}, "valid_for_hours": 12},
    ]
    what = asked(rules)
    assert may_count(what.approval, one, NOW + 60 * SECOND, author) is expected
    nobody = what.approval.model_copy(update={"groups": {}})
    assert not may_count(nobody, one, NOW, author)
