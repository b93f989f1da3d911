"""Breakages of the words for a plan: each would let a widening pass as something else."""

from tools.mutants.breakages import Breakage

_CONDITION = "domain/summary/condition.py"
_PERMIT = "domain/summary/permit.py"
_WINDOW = "domain/summary/window.py"
_TRUST = "domain/summary/trust_lines.py"
_ROLE = "domain/summary/role_lines.py"
_WORDS = "domain/summary/condition_words.py"
_TESTS = (
    "tests/unit/test_containment.py",
    "tests/unit/test_summary_words.py",
    "tests/unit/test_allows.py",
)


def _breakage(name: str, file: str, old: str, new: str) -> Breakage:
    return Breakage(f"words: {name}", file, old, new, tests=_TESTS)


WORDS = (
    _breakage(
        "every condition implies every other", _CONDITION, "return all(any(at", "return any(any(at"
    ),
    _breakage("keys do not matter", _CONDITION, "if one.about != other.about:", "if False:"),
    _breakage("no values are few values", _CONDITION, "if not one.values:", "if False:"),
    _breakage("negation is overlooked", _CONDITION, 'if "Not" in one.test:', "if False:"),
    _breakage("later is stricter", _CONDITION, "max(mine) <= max", "max(mine) >= max"),
    _breakage("earlier start is stricter", _CONDITION, "min(mine) >= min", "min(mine) <= min"),
    _breakage(
        "any network is within any other",
        _CONDITION,
        "IPv4Network() as narrow):\n            return narrow.subnet_of(wide)",
        "IPv4Network() as narrow):\n            return True",
    ),
    _breakage("variables are texts", _CONDITION, '"${" in pattern or', "False or"),
    _breakage(
        "a question mark stands for a star", _CONDITION, '"?" in pattern and "*" in target', "False"
    ),
    _breakage(
        "wildcards of ARNs reach over colons",
        _CONDITION,
        '"ArnLike": _wider_arn',
        '"ArnLike": wider',
    ),
    _breakage("denials may go", _PERMIT, "if denials(old) - denials(new):", "if False:"),
    _breakage(
        "resources do not matter",
        _PERMIT,
        "and wider(other.resource, permit.resource)",
        "and True",
    ),
    _breakage(
        "principals do not matter",
        _PERMIT,
        "and stands_for(other.principal, permit.principal)",
        "and True",
    ),
    _breakage(
        "a principal stands for its account",
        _PERMIT,
        'and principal == parts[4] != ""',
        'and parts[4] != ""',
    ),
    _breakage(
        "a condition on a suspension", _PERMIT, 'and not statement.get("Condition")', "and True"
    ),
    _breakage("renewal", _WINDOW, 'Line("widens", f"extends', 'Line("none", f"extends'),
    _breakage("earlier begin", _WINDOW, 'Line("widens", f"begins', 'Line("narrows", f"begins'),
    _breakage("new principal", _TRUST, "if not _any_for(before, permit):", "if False:"),
    _breakage("longer sessions", _ROLE, '"widens" if new > old', '"none" if new > old'),
    _breakage("resumed", _ROLE, 'Line("widens", _RESUMES)', 'Line("none", _RESUMES)'),
    _breakage(
        "foreign policies", _ROLE, 'yield Line("widens", f"takes', 'yield Line("none", f"takes'
    ),
    _breakage("other boundary", _ROLE, 'Line("widens", f"replaces', 'Line("narrows", f"replaces'),
    _breakage(
        "the external ID told",
        _WORDS,
        "if key == _EXTERNAL_ID:\n        return",
        "if False:\n        return",
    ),
    _breakage(
        "widening that has no words",
        "domain/summary/policy_lines.py",
        'lines.append(Line("widens", _UNTOLD))',
        "pass",
    ),
    _breakage(
        "widening that is cut off",
        "domain/summary/line.py",
        "Line(found[kept].effect, more)",
        'Line("none", more)',
    ),
    _breakage(
        "two resources of one name",
        "domain/summary/resources.py",
        "if name in self._shared",
        "if False",
    ),
)
