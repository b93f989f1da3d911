"""`python -m tools.fuzz [seconds]` (`make fuzz`): mutates valid configs until time is up."""

import sys
import time

from tests.kit.hostile.fuzzing import EXAMPLES, round_of


def main(arguments: list[str]) -> int:
    """Rounds until the time is up; answers the exit status."""
    seconds = float(arguments[0]) if arguments else 60.0
    started, first, rounds = time.monotonic(), time.time_ns(), 0
    while time.monotonic() - started < seconds:
        try:
            round_of(first + rounds)
        except Exception:
            sys.stdout.write(f"fuzz: lost in round {rounds + 1}\n")
            raise
        rounds += 1
    sys.stdout.write(f"fuzz: {rounds * EXAMPLES} files in {rounds} rounds, none lost\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
