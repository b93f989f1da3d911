"""What was looked up ahead counts only for the account that it was looked up in."""

from collections.abc import Iterator
from typing import Any, cast

import pytest

from latchkey.aws.claims import Claims
from latchkey.config.guardrails import Guardrails
from latchkey.config.rules import StackContext
from latchkey.errors import SpokeNotEnrolled
from latchkey.workflow.plan.lookups import AccountReader, LookupReader, Place
from tests.kit.examples import AWS_ENVIRONMENT, NAMING, NOW, config

SPOKE = "111122223333"
HERE = AWS_ENVIRONMENT
THERE = AWS_ENVIRONMENT.of_account(SPOKE)
HUB = (Guardrails(version=1, allowed_accounts=[SPOKE]), "hub")
OWN = (Guardrails(version=1), "own")


class _Read:
    """Guardrails, or what looks for identities, as they answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def read(self) -> Any:
        return self.answer

    def identities(self, _: Any) -> tuple[()]:
        return ()

    def taken(self, _: Any) -> Iterator[Any]:
        return iter(())


def _place(environment: Any) -> Place:
    return Place(environment, "partner-acme.main", "run", NOW)


def _reader(asked: list[str], closed: bool = False) -> LookupReader:
    def readers(place: Place) -> AccountReader:
        if closed:
            raise SpokeNotEnrolled("no")
        asked.append(place.environment.account)
        rules = OWN if place.environment.home else HUB
        return AccountReader(*cast("Any", (None, _Read(None), _Read(rules))))

    claims = cast("Claims", _Read(None))
    return LookupReader(readers, StackContext(HERE), NAMING, cast("Any", _Read(HUB)), claims)


@pytest.mark.parametrize(("ahead", "at"), [(HERE, THERE), (THERE, HERE)])
def test_what_was_looked_up_in_another_account_is_looked_up_anew(ahead: Any, at: Any) -> None:
    asked: list[str] = []
    reader, fields = _reader(asked), dict(config())
    found = [
        reader.validate(fields, (), _place(one), key=None, claimless=True) for one in (ahead, at)
    ]
    asked.clear()
    for before, calls in zip(found, ([at.account], []), strict=True):
        asked.clear()
        held = reader.validate(
            fields, (), _place(at), key=None, claimless=True, ahead=before.lookups
        )
        assert (asked, held.lookups.account) == (calls, at.account)


def test_a_place_is_of_the_configs_account_and_of_the_role_that_it_names() -> None:
    reader = _reader([])
    reference = cast("Any", type("Reference", (), {"run": _Run, "now": NOW}))
    named = {"partner": "acme", "grant": "main", "account": SPOKE}
    place = reader.place(named, reference)
    assert (place.environment, place.role, place.run) == (THERE, "partner-acme.main", "run-7")
    assert reader.place({**named, "role_name": "Acme"}, reference).role == "Acme"
    assert reader.place({"account": SPOKE}, reference).role == NAMING.prefix
    assert reader.place({}, reference).environment == HERE


class _Run:
    name = "run-7"


def test_both_digests_are_told_and_an_unreached_account_has_none() -> None:
    fields = {**dict(config()), "account": SPOKE}
    held = _reader([]).validate(fields, (), _place(THERE), key=None, claimless=True)
    assert (held.lookups.guardrails, held.refusals(tolerant=False)) == ("hub/own", ())
    held = _reader([], closed=True).validate(fields, (), _place(THERE), key=None, claimless=True)
    assert held.lookups.guardrails == "hub"
    for tolerant in (False, True):
        assert [one.path for one in held.refusals(tolerant=tolerant)] == ["/account"]
