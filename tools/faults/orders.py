"""Random histories: uploads, removals, duplicates, orders, schedules and sweeps, all interleaved.

The runs that they set off take turns at every single call of AWS, in an order that is drawn; some
are stopped for so long that their lease runs out. In the end the newest files must hold.
"""

import sys

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.kit.parts import turn
from tools.faults.histories import Histories
from tools.tally import Tally, in_parallel

_SEEDS, _SHORT_SEEDS, _EXAMPLES = 16, 2, 20


def run(*, short: bool) -> Tally:
    """So many random histories; the short form takes a few, others each time."""
    tally = Tally("orders")
    first = _SHORT_SEEDS * turn() % _SEEDS if short else 0
    seeds = range(first, first + (_SHORT_SEEDS if short else _SEEDS))
    for case, wrong in in_parallel(_histories, seeds, short=short):
        tally.count(case, wrong)
    return tally


def _histories(seed: int, *, short: bool) -> list[tuple[str, list[str]]]:
    """A number of histories from one seed; the first that fails ends them, made small."""
    Histories.run_so_far = 0
    how = settings(
        max_examples=_EXAMPLES,
        stateful_step_count=12 if short else 20,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    # as `@seed` does; every other seed has grants in another account, too
    seeded = {"_hypothesis_internal_use_seed": seed, "spread": bool(seed % 2)}
    machine = type(f"Histories{seed}", (Histories,), seeded)
    wrong: list[str] = []
    try:
        run_state_machine_as_test(machine, settings=how)
    except Exception as error:  # noqa: BLE001 (whatever it is, the history is lost)
        notes = getattr(error, "__notes__", [])
        wrong = [f"{type(error).__name__} {error}", *notes]
        sys.stderr.write("\n".join(wrong) + "\n")
    whole = Histories.run_so_far - bool(wrong)
    found: list[tuple[str, list[str]]] = [(f"seed {seed}, {n}", []) for n in range(whole)]
    return [*found, (f"seed {seed}", wrong)] if wrong else found
