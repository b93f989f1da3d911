"""`python -m bench [short]`: all benchmarks."""

import sys

from bench import planning, sweeping, upload_to_role


def main() -> None:
    """Run all benchmarks, in a short form if asked to."""
    short = "short" in sys.argv[1:]
    planning.measure(seconds=0.05 if short else 0.5)
    sweeping.measure(*((1_000, 10_000) if short else (1_000, 10_000, 100_000)))
    upload_to_role.measure(grants=5 if short else 30)


if __name__ == "__main__":
    main()
