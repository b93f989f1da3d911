"""What would make an answer about the past wrong: without any one of these a test fails."""

from tools.mutants.breakages import Breakage

_RULE = "domain/history.py"
_ASKED = "domain/asked_resource.py"
_STANDING = "domain/standing.py"
_TABLE = "aws/grant_table.py"

_UNIT = ("tests/unit/test_history.py",)
_NAMES = ("tests/unit/test_asked_resource.py",)
_WRITTEN = ("tests/unit/test_standing.py",)
_MANY = ("tests/integration/test_many_resources.py",)
_MOTO = ("tests/integration/test_access_history.py",)

HISTORY = (
    Breakage(
        "history: expiry in the policies",
        _RULE,
        "until = max(at, starts), min(end, expires)",
        "until = max(at, starts), end",
        tests=_UNIT,
    ),
    Breakage(
        "history: start in the policies",
        _RULE,
        "until = max(at, starts), min(end, expires)",
        "until = at, min(end, expires)",
        tests=_UNIT,
    ),
    Breakage(
        "history: the end is not part of it",
        _RULE,
        "self.since <= at < self.until",
        "self.since <= at <= self.until",
        tests=_MOTO,
    ),
    Breakage(
        "history: the beginning is part of it",
        _RULE,
        "self.since <= at < self.until",
        "self.since < at < self.until",
        tests=_MOTO,
    ),
    Breakage(
        "history: what held before a failed run",
        _RULE,
        "windows.setdefault(access.allowed, []).extend(earlier)",
        "pass",
        tests=_UNIT,
    ),
    Breakage(
        "history: principals of both after a failed run",
        _RULE,
        "sorted({*standing.principals, *kept})",
        "sorted({*standing.principals})",
        tests=_UNIT,
    ),
    Breakage(
        "history: one period over a renewal",
        _RULE,
        "found[before].until == period.since",
        "False",
        tests=_UNIT,
    ),
    Breakage(
        "history: a gap between two periods",
        _RULE,
        "found[before].until == period.since",
        "True",
        tests=_UNIT,
    ),
    Breakage(
        "history: a failed run is not certain",
        _STANDING,
        'certain=plan.outcome != "failed"',
        "certain=True",
        tests=_WRITTEN,
    ),
    Breakage(
        "history: rejected versions change nothing",
        _STANDING,
        'not in ("rejected", "planned")',
        'not in ("planned",)',
        tests=_WRITTEN,
    ),
    Breakage(
        "history: the time of reading back",
        _STANDING,
        'stamp(parse_instant(read_at)) if read_at else ""',
        '""',
        tests=_WRITTEN,
    ),
    Breakage(
        "history: only what is allowed",
        _STANDING,
        'if statement["Effect"] == "Allow":',
        "if True:",
        tests=_WRITTEN,
    ),
    Breakage(
        "history: another account's resource",
        _ASKED,
        "any(mine and mine != its for mine, its in pairs)",
        "False",
        tests=_NAMES,
    ),
    Breakage(
        "history: a folder of the name that is asked for",
        _ASKED,
        'return (whole, f"{whole}{between}*")',
        "return (whole,)",
        tests=_NAMES,
    ),
    Breakage(
        "history: where to look is written before the transaction",
        _TABLE,
        "(*batched(early, _MOST_WRITES, strict=False), last)",
        "(last, *batched(early, _MOST_WRITES, strict=False))",
        tests=_MANY,
    ),
    Breakage(
        "history: more resources than a transaction takes",
        _TABLE,
        "(*batched(early, _MOST_WRITES, strict=False), last)",
        "(last,)",
        tests=_MANY,
    ),
)
