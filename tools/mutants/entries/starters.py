"""The safeguards of who started a run, by CloudTrail, against what its request says."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    Operator,
    always,
    drop_operand,
    never,
)

_TESTS = ("tests/cli/test_run_starts.py",)


def _mutant(name: str, target: str, change: Operator) -> Mutant:
    return Mutant(f"who started: {name}", f"latchkey_cli.{target}", change, tests=_TESTS)


STARTERS = (
    _mutant("the whole ARN", "authorship.comparison:_named", drop_operand("_CUT")),
    _mutant("any name is not an identity", "authorship.comparison:_named", never("fullmatch")),
    _mutant("what passes for Latchkey's own", "authorship.comparison:compared", always("own")),
    _mutant("behind our workflow", "authorship.run_starts:RunStarts._caller", never("Reconcile")),
    _mutant("behind a bulk order", "authorship.run_starts:RunStarts._caller", never("GrantW")),
    _mutant("seconds cut short", "authorship.run_starts:RunStarts._starter", never("whole")),
    _mutant(
        "another execution's start",
        "aws.cloud_trail:EventHistory.start_of",
        always("execution"),
    ),
    _mutant("a made-up event", "aws.cloud_trail:_execution", drop_operand("states")),
)
