"""A partner whose external ID is rotated: both work, then the old one and its sessions do not."""

from functools import partial

from latchkey.times import parse_instant
from sandbox.demo.people import Partner, Session, refusal
from tests.e2e.conftest import Case
from tests.kit.outside import Outside


def _enter(outside: Outside, case: Case, external_id: str | None) -> Session:
    return Partner(outside.box.url).assume(outside.state(case.partner)["role_arn"], external_id)


def test_rotation_with_overlap(outside: Outside, case: Case) -> None:
    old, new = f"external-{case.partner}", f"external-{case.partner}-2027"
    outside.upload(case.key, case.config())
    first = _enter(outside, case, old)
    result = outside.upload(case.key, case.config(external_id=[old, new]))
    assert (result["outcome"], result["external_ids"]) == ("updated", [old, new])
    both = [_enter(outside, case, one) for one in (old, new)]
    assert [session.secret(case.secret) for session in (first, *both)] == ["a value"] * 3
    for wrong in (None, f"{old}-2", new[:-1], f"{old},{new}"):
        assert refusal(partial(_enter, outside, case, wrong)) == "AccessDenied", wrong
    result = outside.upload(case.key, case.config(external_id=new))
    assert (result["outcome"], result["widens"]) == ("updated", False)
    assert refusal(lambda: _enter(outside, case, old)) == "AccessDenied"
    for session in (first, *both):
        assert refusal(partial(session.secret, case.secret)) == "AccessDeniedException"
    again = (parse_instant(result["issued_before"]) - outside.box.now()).total_seconds()
    outside.box.advance(max(0.0, again) + 1)
    assert _enter(outside, case, new).secret(case.secret) == "a value"
    assert refusal(lambda: first.secret(case.secret)) == "AccessDeniedException"
    assert outside.state(case.partner)["external_ids"] == [new]
