"""Conditions in words. An external ID never appears."""

import json
import re
from collections.abc import Iterable, Iterator

from latchkey.iam.condition import Condition, Conditions, at_least_as_strict
from latchkey.iam.web_identity import token_key
from latchkey.reports.summary.line import Effect, Line
from latchkey.reports.summary.times import moment

_EXTERNAL_ID = "sts:externalid"
_PLAIN_ID = ("StringEquals", _EXTERNAL_ID)
_MORE = {1: "another external ID"}
_HTTPS = "aws:securetransport"
_OWNED = ("StringEquals", "aws:resourceaccount")
_VIA = "through "
_CONTEXT = "kms:encryptioncontext:"
_WORD = re.compile(r"[\w.:/=+@*?$#~!%|{}<>-]+", re.ASCII)


def only(conditions: Iterable[Condition]) -> list[str]:
    """Conditions in words: `only over HTTPS`, `only from source IPs 203.0.113.0/24`."""
    phrases = sorted(
        map(_phrase, conditions), key=lambda phrase: (not phrase.startswith(_VIA), phrase)
    )
    return [f"only {phrase}" for phrase in phrases]


def worth_showing(conditions: Iterable[Condition]) -> list[str]:
    """The same, without those that Latchkey itself puts on whole services."""
    return only(
        condition
        for condition in conditions
        if condition.about[1] != _HTTPS
        and condition.about != _OWNED
        and not condition.about[1].startswith(_CONTEXT)
    )


def condition_lines(before: Conditions, after: Conditions, what: str = "") -> list[Line]:
    """What becomes stricter or looser where conditions change; `what` comes first."""
    old = {condition.about: condition for condition in sorted(before)}
    new = {condition.about: condition for condition in sorted(after)}
    lines = []
    for about in dict.fromkeys((*old, *new)):
        one, other = old.get(about), new.get(about)
        if one != other:
            lines += [Line(effect, f"{what}{text}") for effect, text in _changes(one, other)]
    return lines


def _changes(old: Condition | None, new: Condition | None) -> Iterator[tuple[Effect, str]]:
    """What becomes of one condition; of lists of external IDs also how many come and go."""
    if old is None or new is None or old.about != _PLAIN_ID or len(old.values + new.values) == 2:
        yield _difference(old, new)
        return
    before, after = {*old.values}, {*new.values}
    if more := len(after - before):
        yield "widens", f"now also accepts {_MORE.get(more, f'{more} more external IDs')}"
    if fewer := len(before - after):
        whole = f"{fewer} of the {len(before)} external IDs"
        named = whole if len(before) > 1 else "the external ID that it did"
        yield "narrows", f"no longer accepts {named}"


def _difference(old: Condition | None, new: Condition | None) -> tuple[Effect, str]:
    if new is None:
        assert old  # a condition is in one of the two at least
        phrase = _phrase(old)
        return "widens", _TAKEN_OFF.get(phrase, f"no longer only {phrase}")
    phrase = _phrase(new)
    if old is None:
        return "narrows", _PUT_ON.get(phrase, f"only {phrase}")
    effect: Effect = "narrows" if at_least_as_strict(new, old) else "widens"
    if new.about[1] == _EXTERNAL_ID:
        return effect, "external ID changes: only the new one is let in"
    return effect, f"only {phrase}, instead of only {_phrase(old)}"


_TAKEN_OFF = {
    "with MFA": "no longer needs MFA",
    "with the external ID": "no longer needs an external ID",
}
_PUT_ON = {"with MFA": "needs MFA", "with the external ID": "needs an external ID"}


def _phrase(condition: Condition) -> str:
    """A condition as what follows `only`."""
    operator, key = condition.about
    values = ", ".join(map(_quoted, condition.values))
    if key == _EXTERNAL_ID:
        return "with the external ID"
    if form := _WHEN_TRUE.get(key) if (operator, values) == ("Bool", "true") else None:
        return form
    if operator == "StringEquals" and key == "kms:viaservice":
        return f"{_VIA}{', '.join(value.split('.')[0] for value in condition.values)}"
    if operator in ("StringEquals", "StringLike") and key.startswith(_CONTEXT):
        return f"for {condition.key[len(_CONTEXT) :]} {values}"
    if operator in ("StringEquals", "StringLike") and (what := token_key(key)):
        return f"with tokens {_TOKENS[what]} {values}"
    if form := _FORMS.get(condition.about):
        return form.format(_moments(condition) if key == "aws:currenttime" else values)
    return f"if {_quoted(condition.key)} {operator} {values}"


def _quoted(text: str) -> str:
    """A text of the config's, in quotes where it could pass for words of this summary."""
    return text if _WORD.fullmatch(text) else json.dumps(text)


_TOKENS = {"audience": "for", "subject": "of"}
_WHEN_TRUE = {_HTTPS: "over HTTPS", "aws:multifactorauthpresent": "with MFA"}
_FORMS = {
    _OWNED: "on resources of account {}",
    ("IpAddress", "aws:sourceip"): "from source IPs {}",
    ("StringEquals", "aws:principalorgid"): "from organization {}",
    ("ForAllValues:StringEquals", "aws:tagkeys"): "with the keys {}",
    ("ForAllValues:StringNotLike", "aws:tagkeys"): "with keys other than {}",
    ("ForAllValues:StringNotEqualsIgnoreCase", "aws:tagkeys"): "with keys other than {}",
    ("DateLessThan", "aws:currenttime"): "before {}",
    ("DateGreaterThanEquals", "aws:currenttime"): "from {} on",
}


def _moments(condition: Condition) -> str:
    try:
        return ", ".join(moment(value) for value in condition.values)
    except ValueError:
        return ", ".join(condition.values)
