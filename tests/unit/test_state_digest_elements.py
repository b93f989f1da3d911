"""Each element of a policy counts in the digest by itself, and no spelling does."""

import json
from copy import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.examples import desired
from tests.unit.digest_documents import (
    PERMISSIONS,
    SPELLINGS,
    TRUST,
    digest,
    edits,
    in_other_case,
    with_document,
)
from tests.unit.policy_pairs import pairs_by_hand


@pytest.mark.parametrize("field", ["trust_policy", "permissions_policy", "others"])
@pytest.mark.parametrize("document", [TRUST, PERMISSIONS], ids=["trust", "permissions"])
def test_each_change_of_a_policy_is_a_digest_of_its_own(field: str, document: Any) -> None:
    variants = [document, *edits(document), *in_other_case(document)]
    found = {digest(with_document(desired(), field, one)) for one in variants}
    assert len({json.dumps(one, sort_keys=True) for one in variants}) == len(variants) > 40
    assert len(found) == len(variants)


@pytest.mark.parametrize("spelled", SPELLINGS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("document", [TRUST, PERMISSIONS], ids=["trust", "permissions"])
def test_no_spelling_of_a_policy_is_another_digest(spelled: Any, document: Any) -> None:
    for field in ("trust_policy", "permissions_policy", "others"):
        role = with_document(desired(), field, document)
        assert digest(with_document(role, field, spelled(document))) == digest(role)


@given(pairs_by_hand(), st.sampled_from(SPELLINGS))
def test_no_spelling_of_any_policy_is_another_digest(pair: Any, spelled: Any) -> None:
    role, _ = pair
    trust, permissions = map(spelled, (role.trust_policy, role.permissions_policy))
    other = replace(role, trust_policy=trust, permissions_policy=permissions)
    assert digest(other) == digest(role)


ELEMENTS = ["NotAction", "NotResource", "NotPrincipal", "Condition"]


def _stated(element: str, *lists: tuple[str, ...]) -> str:
    """The digest of a policy with a statement for each list of what an element has."""
    found = []
    for texts in lists:
        value: Any = [*texts]
        if element == "NotPrincipal":
            value = {"AWS": value}
        if element == "Condition":
            value = {"StringEquals": {"aws:PrincipalTag/team": value}}
        rest = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
        found.append({**rest, element: value})
    return digest(desired(permissions_policy={"Statement": found}))


@pytest.mark.parametrize("element", ELEMENTS)
def test_texts_of_a_policy_do_not_run_into_each_other(element: str) -> None:
    """Lists of the same letters are other lists."""
    lists = [("a:b", "c:d"), ("a:b,c:d",), ("a:bc:d",), ("a:bc", ":d"), ("a:b", "c", ":d"), ()]
    assert len({_stated(element, one) for one in lists}) == len(lists)


@pytest.mark.parametrize("element", ELEMENTS)
def test_what_means_something_together_cannot_be_split(element: str) -> None:
    """To deny all but one of two, and then all but the other, is to deny both."""
    one, other = ("a:b",), ("c:d",)
    assert _stated(element, (*one, *other)) != _stated(element, one, other)
    assert _stated(element, one, other) == _stated(element, other, one, one)
