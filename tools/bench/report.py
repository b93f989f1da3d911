"""One table and one JSON file of all figures, with the floors that they are compared with."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(".cache/bench.json")


@dataclass(frozen=True)
class Row:
    """One figure, next to its floor of the same run.

    `limit` is for the ratio or, without a floor, for the figure. Only `exact` ones fail.
    """

    part: str
    name: str
    value: float
    unit: str
    floor: float | None = None
    limit: float | None = None
    exact: bool = False

    @property
    def ratio(self) -> float | None:
        """How often the floor goes into the figure."""
        return self.value / self.floor if self.floor else None

    @property
    def over(self) -> bool:
        """Whether it is over its limit."""
        held = self.value if self.floor is None else self.ratio
        return self.limit is not None and held is not None and held > self.limit

    @property
    def verdict(self) -> str:
        """What to say of it."""
        if self.limit is None:
            return ""
        return ("FAILS" if self.exact else "warning") if self.over else "ok"


@dataclass
class Report:
    """Rows as they come, printed at once, and kept for the file."""

    rows: list[Row] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Take a row in, and print it."""
        if not self.rows or self.rows[-1].part != row.part:
            print(f"\n{row.part:50} {'figure':>12} {'floor':>10} {'ratio':>7} {'limit':>7}")
        self.rows.append(row)
        floor = "" if row.floor is None else f"{row.floor:,.4g}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        limit = "" if row.limit is None else f"{row.limit:,.4g}"
        value = f"{row.value:,.4g} {row.unit}"
        print(f"  {row.name:46} {value:>14} {floor:>10} {ratio:>7} {limit:>7}  {row.verdict}")

    def fail(self, *reasons: str) -> None:
        """Note what must not be."""
        self.failures += reasons

    def write(self) -> int:
        """Write the file, print the verdict; answers the exit status."""
        FILE.parent.mkdir(exist_ok=True)
        rows = [{**asdict(row), "ratio": row.ratio, "verdict": row.verdict} for row in self.rows]
        found = {"rows": rows, "failures": self.failures, **self.more}
        FILE.write_text(json.dumps(found, indent=2) + "\n")
        failures = [f"{r.part}: {r.name}" for r in self.rows if r.exact and r.over] + self.failures
        warnings = sum(row.verdict == "warning" for row in self.rows)
        print(f"\n{len(self.rows)} figures in {FILE}, {warnings} warnings of time")
        for failure in failures:
            print(f"FAILS {failure}")
        return 1 if failures else 0
