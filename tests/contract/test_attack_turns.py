"""The short form of the attacks takes turns, and no attack of it is left out for good."""

import importlib

import pytest

from tools.attacks import suite
from tools.attacks.__main__ import ATTACKERS


@pytest.mark.parametrize("attacker", ATTACKERS)
def test_short_attacks_have_what_matters_most_each_time_and_the_others_in_turn(
    attacker: str,
) -> None:
    attacks = vars(importlib.import_module(f"tools.attacks.{attacker}"))["__attacks__"]
    short = {one.tried for one in attacks if one.short}
    always = {one.tried for one in attacks if one.short and one.always}
    for first in (0, 1, 5, 1234):
        runs = [
            {one.tried for one in suite.of_short_form(attacks, first + n)}
            for n in range(suite.TURNS)
        ]
        assert set.union(*runs) == short
        assert all(always <= run for run in runs)
        assert all(runs)


def test_attacks_on_another_account_have_all_of_the_short_form_in_turn() -> None:
    attacks = {
        name: vars(importlib.import_module(f"tools.attacks.{name}"))["__attacks__"]
        for name in ATTACKERS
    }
    most = max(len(known) for known in attacks.values())
    for first in (0, 1, 1234):
        made = {
            (name, one.tried)
            for number in range(first, first + (most + 1) * len(ATTACKERS))
            for name in suite.attackers_elsewhere(ATTACKERS, number)
            for one in suite.of_short_form_elsewhere(attacks[name], number)
        }
        short = {(name, one.tried) for name in ATTACKERS for one in attacks[name] if one.short}
        assert made == short
    assert all(
        0 < len(suite.attackers_elsewhere(ATTACKERS, n)) < len(ATTACKERS) / 2 for n in range(9)
    )
