"""How attacks are written down, and how those of one attacker are made, one after another."""

import importlib
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox import Sandbox
from tests.kit.parts import of_part, turn
from tests.kit.spoke_account import SpokeAccount
from tests.kit.stack.spokes import SPOKES
from tools.attacks.ground import GUARDRAILS, Ground
from tools.tally import Tally

TURNS = 3
"""So many runs of the short form with consecutive numbers have all of its attacks."""

_ATTACKS, SPOKE = "__attacks__", SPOKES[0]
_MODULES = 3
"""The short form of all makes attacks on another account by each so-manieth attacker in turn."""

Call = Callable[..., None]


@dataclass(frozen=True)
class Attack:
    """What is tried, in words, with one of its variations.

    `short`: in the short form, too; `always`: in each run of it, while the others take turns.
    """

    tried: str
    call: Callable[[Ground], None]
    short: bool
    always: bool = False


def attack(
    variations: Mapping[str, Any] | None = None,
    *,
    short: Sequence[str] | bool = False,
    always: bool = False,
) -> Callable[[Call], Call]:
    """Note a function as an attack, once for each variation, which it is given by its value.

    `short` names the variations of the short form, or says whether one without any is in it;
    `always` says that these run each time and take no turns.
    """

    def noted(call: Call) -> Call:
        words = " ".join((call.__doc__ or "").split("\n\n")[0].split()).rstrip(".")
        found: list[Attack] = sys.modules[call.__module__].__dict__.setdefault(_ATTACKS, [])
        if variations is None:
            found.append(Attack(words, call, bool(short), always))
        for name, value in (variations or {}).items():
            in_short = not isinstance(short, bool) and name in short
            found.append(Attack(f"{words}: {name}", _with(call, value), in_short, always))
        return call

    return noted


def suite(module: str) -> Callable[..., Tally]:
    """The `run` of an attacker's module: all its attacks in one sandbox, each on its own grant.

    They are made on grants in the stack's own account, and then on grants in another.
    """

    def run(*, short: bool) -> Tally:
        with Sandbox() as box:
            tally = _made(module, Ground(box), short=short)
            _made(module, _elsewhere(box), short=short, tally=tally)
            return tally

    return run


def together(modules: Sequence[str]) -> int:
    """The short forms of several attackers in one sandbox; answers the exit status."""
    tried, failures, started = 0, 0, time.monotonic()
    with Sandbox() as box:
        for module in modules:
            importlib.import_module(module)
        home = [(module, Ground(box)) for module in modules]
        elsewhere = ((name, _elsewhere(box)) for name in attackers_elsewhere(modules, turn()))
        for module, ground in itertools.chain(home, elsewhere):
            tally = _made(module, ground, short=True)
            tried += tally.tried
            failures += len(tally.failures)
            if tally.tried:
                print(tally.line(), flush=True)
    print(
        f"{'attacks':<14} held {tried - failures} of {tried} ({time.monotonic() - started:.0f} s)"
    )
    return 1 if failures or not tried else 0


def _elsewhere(box: Sandbox) -> Ground:
    """The same ground with its targets in another account, which is enrolled and listed."""
    spoke = SpokeAccount(box, SPOKE)
    if not spoke.enrolled:
        spoke.enrol()
    spoke.guard(allow_custom=True)
    ssm = box.client("ssm")
    rules = json.loads(ssm.get_parameter(Name=GUARDRAILS)["Parameter"]["Value"])
    listed = json.dumps({**rules, "allowed_accounts": [SPOKE]})
    ssm.put_parameter(Name=GUARDRAILS, Value=listed, Type="String", Overwrite=True)
    return Ground(box, SPOKE)


def _made(module: str, ground: Ground, *, short: bool, tally: Tally | None = None) -> Tally:
    """All attacks of a module; of those on another account, the short form makes one in turn."""
    tally = tally or Tally(module.rsplit(".", 1)[-1], "held", "BROKEN", listed=True)
    attacks: list[Attack] = sys.modules[module].__dict__[_ATTACKS]
    chosen = of_short_form(attacks, turn()) if short else attacks
    if not ground.home and vars(sys.modules[module]).get("OWN_ACCOUNTS"):
        return tally  # its attacks say themselves which accounts they are about
    if short and not ground.home:
        chosen = of_short_form_elsewhere(attacks, turn())
    there = "" if ground.home else ", in another account"
    for one in chosen:
        tally.count(one.tried + there, list(_wrong(one, ground)))
    return tally


def of_short_form(attacks: Sequence[Attack], number: int) -> list[Attack]:
    """What a run of the short form tries: some each time, of the others those whose turn it is."""
    others = [one for one in attacks if one.short and not one.always]
    chosen = of_part(others, TURNS, number)
    return [one for one in attacks if one.short and (one.always or one in chosen)]


def attackers_elsewhere(modules: Sequence[str], number: int) -> list[str]:
    """Those who attack grants in another account in a run of the short form of all."""
    return of_part(list(modules), _MODULES, number)


def of_short_form_elsewhere(attacks: Sequence[Attack], number: int) -> list[Attack]:
    """The one of the short form that is made there, when it is its attacker's turn."""
    wanted = [one for one in attacks if one.short]
    return of_part(wanted, len(wanted), number // _MODULES)


def _with(call: Call, value: Any) -> Callable[[Ground], None]:
    return lambda ground: call(ground, value)


def _wrong(one: Attack, ground: Ground) -> Iterator[str]:
    """What did not hold; an attack that cannot be made shows nothing, and counts as broken."""
    try:
        one.call(ground)
    except AssertionError as broken:
        yield str(broken) or "see the attack's assertion"
    except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever it was, it shows nothing)
        yield f"could not be tried: {type(error).__name__} {error}"
    finally:
        ground.restore()
