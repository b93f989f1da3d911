"""The key of an approval says who approves what; a key of any other form says nothing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.grant_id import GrantId
from latchkey.grants.approval_key import approval_in, approved_grant
from tests.kit.examples import NOW
from tests.unit.test_approvals import ADA, BEN, DIGEST, given_by

KEY = f"approvals/security/acme.main/{DIGEST}/{ADA}:ada@example.com.json"


def test_the_key_says_who_approves_what() -> None:
    assert approval_in(KEY, NOW) == given_by(f"{ADA}:ada@example.com", at=NOW)
    user = f"approvals/security/acme.main/{DIGEST}/{BEN}.json"
    assert approval_in(user, NOW) == given_by(BEN, at=NOW)
    assert approved_grant(user) == GrantId("acme", "main")
    rejects = KEY.replace(f"{DIGEST}/", f"{DIGEST}/reject/")
    assert approval_in(rejects, NOW) == given_by(f"{ADA}:ada@example.com", at=NOW, rejects=True)


HOSTILE = [
    KEY.replace("approvals/", "approvals//"),
    KEY.replace("approvals/", "Approvals/"),
    KEY.replace("approvals/", "/approvals/"),
    KEY.replace("approvals/", "partners/approvals/"),
    KEY.replace("security", "*"),
    KEY.replace("security", "sec/urity"),
    KEY.replace("security", "SECURITY"),
    KEY.replace("security", "s\u0435curity"),
    KEY.replace("acme.main", "acme.*"),
    KEY.replace("acme.main", "acme"),
    KEY.replace("acme.main", "acme.main.main"),
    KEY.replace("acme.main", "acme.main "),
    KEY.replace(DIGEST, "*"),
    KEY.replace(DIGEST, DIGEST.upper()),
    KEY.replace(DIGEST, DIGEST[1:]),
    KEY.replace(DIGEST, DIGEST + "a"),
    KEY.replace(DIGEST, "\uff41" * 64),
    KEY.replace(f"{DIGEST}/", f"{DIGEST}/{ADA}:x/"),
    KEY.replace(f"{DIGEST}/", f"{DIGEST}//"),
    KEY.replace(f"{DIGEST}/", f"{DIGEST}/../{DIGEST}/"),
    KEY.replace(f"{DIGEST}/", f"{DIGEST}/reject/reject/"),
    KEY.replace(f"{DIGEST}/", f"{DIGEST}/REJECT/"),
    KEY.replace(f"{ADA}:", f"{ADA}%3A"),
    KEY.replace(f"{ADA}:", f"{ADA}\uff1a"),
    KEY.replace(f"{ADA}:ada@example.com", ADA),
    KEY.replace(f"{ADA}:ada@example.com", f"{ADA}:"),
    KEY.replace(f"{ADA}:ada@example.com", f"{BEN}:session"),
    KEY.replace(f"{ADA}:ada@example.com", f"{ADA}:a:b"),
    KEY.replace(f"{ADA}:ada@example.com", f"{ADA}:a/{ADA}:b"),
    KEY.replace(f"{ADA}:ada@example.com", "*"),
    KEY.replace(f"{ADA}:ada@example.com", "${aws:userid}"),
    KEY.replace(f"{ADA}:ada@example.com", "111122223333"),
    KEY.replace(f"{ADA}:ada@example.com", "111122223333:ada"),
    KEY.replace(f"{ADA}:ada@example.com", "anonymous"),
    KEY.replace("ada@", "\u0430da@"),
    KEY.replace(".json", ".JSON"),
    KEY.replace(".json", ""),
    f"{KEY}\n",
    f"{KEY}/",
    f"{KEY}.json/x",
    f" {KEY}",
    "",
]


@pytest.mark.parametrize("key", HOSTILE)
def test_a_key_of_any_other_form_is_nothing(key: str) -> None:
    assert (approval_in(key, NOW), approved_grant(key)) == (None, None)


@given(st.integers(0, len(KEY) - 1), st.characters(), st.randoms(use_true_random=False))
def test_a_changed_key_is_never_read_as_the_same(
    place: int, character: str, chance: random.Random
) -> None:
    inserted = chance.random() < 0.5
    changed = KEY[:place] + character + KEY[place + (0 if inserted else 1) :]
    assert changed == KEY or approval_in(changed, NOW) != approval_in(KEY, NOW)
