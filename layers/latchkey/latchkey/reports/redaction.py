"""External IDs stay out of all that people are told, wherever somebody wrote one down.

They are gathered from all that is known of a grant or, for a register, of all grants, and taken out
of all texts from outside: an operator may quote one partner's in the reason of an order for
another. Names that Latchkey gives (of grants and roles, their ARNs) are told as they are, also
where a partner chose one of them as its external ID; no such value is hard to guess.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

HIDDEN = "(external ID)"

_SHORTEST = 8
"""Characters that an external ID has at least; a shorter one, such as `main`, is known as a whole
word only: it is a word of many texts, and hardly a secret."""

_BEGINNING = 24
"""Characters by which a long external ID is known where a message was cut."""

_RUN = re.compile(r"[\w+=,.@:/~%-]{2,}", re.ASCII)
_VALUE = r"[\w+=,.@:/-]{2,}"
_NEXT = re.compile(r"""["']\s*,\s*["']""")
_LISTED = rf"""\[\s*["']({_VALUE}(?:{_NEXT.pattern}{_VALUE})*)"""
"""The quoted values of a list."""

_WRITTEN = re.compile(
    rf"""(externalid["']?\s*:?\s*){_LISTED}|(externalid["']?\W{{0,8}}){_VALUE}""",
    re.ASCII | re.IGNORECASE,
)
"""As policies, and sentences about them, name it: this finds values that nobody recorded."""

_PIECES = re.compile(r"([/,:=~%]+)")

_NAMED = re.compile(
    rf"""(?<![a-z_])external[^A-Za-z0-9]{{0,2}}ids?["']?\s*[:=]\s*(?:{_LISTED}|["']?({_VALUE}))""",
    re.ASCII | re.IGNORECASE,
)
_NOT_ALNUM = re.compile(r"[^a-z0-9]")
_OUR_NAME = re.compile(r"[A-Za-z]+(_[a-z]+)*")
_NAMES = ("externalid", "externalids", "stsexternalid")


class Redactor:
    """Takes known external IDs out of texts; remembers words, as a register repeats them.

    They are known in capital and small letters, and as they stand in a JSON pointer or a URL.
    """

    def __init__(self, external_ids: Iterable[str]) -> None:
        forms = {form.lower() for given in external_ids if given for form in _forms(given)}
        self._ids = frozenset(form for form in forms if len(form) > 1)
        self._lengths = sorted({len(i) for i in self._ids if len(i) >= _SHORTEST}, reverse=True)
        self._short = any(len(known) < _SHORTEST for known in self._ids)
        self._beginnings: dict[str, list[str]] = {}
        for known in self._ids:
            if len(known) > _BEGINNING:
                self._beginnings.setdefault(known[:_BEGINNING], []).append(known)
        self._words: dict[str, str] = {}

    def __call__(self, text: object) -> str:
        """The text without external IDs."""
        written = _WRITTEN.sub(_unwritten, str(text))
        return _RUN.sub(self._word, written) if self._ids else written

    def document(self, found: Any) -> Any:
        """JSON data without external IDs, also in names of fields that are not plain words."""
        match found:
            case str():
                return self(found)
            case Mapping():
                return {self._name(name): self.document(value) for name, value in found.items()}
            case list() | tuple():
                return [self.document(value) for value in found]
            case set() | frozenset():
                return sorted(self(value) for value in found)
            case _:
                return found

    def _name(self, name: str) -> str:
        """A field of ours keeps its name, whatever word a partner chose."""
        return name if _OUR_NAME.fullmatch(name) else self(name)

    def _word(self, found: re.Match[str]) -> str:
        word = found.group()
        if word not in self._words:
            self._words[word] = self._without(word)
        return self._words[word]

    def _without(self, word: str) -> str:
        low = word.lower()
        if low in self._ids:
            return HIDDEN
        told, at = [], 0
        for start, end in _merged(self._spans(low)):
            told += [self._pieces(word[at:start]), HIDDEN]
            at = end
        return "".join([*told, self._pieces(word[at:])])

    def _spans(self, low: str) -> Iterator[tuple[int, int]]:
        """Where external IDs stand, or what is left of long ones that were cut."""
        for start in range(len(low)):
            for length in self._lengths:
                if low[start : start + length] in self._ids:
                    yield start, start + length
                    break
            for known in self._beginnings.get(low[start : start + _BEGINNING], ()):
                yield start, start + _common(low[start:], known)

    def _pieces(self, text: str) -> str:
        return "".join(map(self._piece, _PIECES.split(text))) if self._short else text

    def _piece(self, piece: str) -> str:
        """A word, or a part of a path, that is a short external ID; `.` may end a sentence."""
        core = piece.rstrip(".")
        return HIDDEN + piece[len(core) :] if core.lower() in self._ids else piece


def _unwritten(found: re.Match[str]) -> str:
    """What names an external ID, with none."""
    before_list, _, before = found.groups()
    return f"{before}{HIDDEN}" if before_list is None else f'{before_list}["{HIDDEN}'


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in the order of their starts, those that overlap or touch as one."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _forms(external_id: str) -> Iterator[str]:
    yield external_id
    yield external_id.replace("~", "~0").replace("/", "~1")
    yield "".join(c if c.isalnum() or c in "-._~" else f"%{ord(c):02x}" for c in external_id)


def _common(text: str, known: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(text, known, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(text), len(known)))


def named_external_ids(text: str) -> Iterator[str]:
    """Every external ID that a config names, by any spelling of the field, valid or not."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    yield from _values(document)
    for listed, one in _NAMED.findall(text):
        yield from _NEXT.split(listed) if listed else (one,)


def external_ids(item: Mapping[str, Any]) -> Iterator[str]:
    """Every external ID in an item of the grant table, its config and its policies included."""
    yield from _values(item)
    try:
        config = json.loads(item.get("config") or "{}")
    except (TypeError, ValueError):
        return
    yield from _values(config)


def _values(document: Any) -> Iterator[str]:
    """The values of the fields that name external IDs, however deep they are."""
    left = [document]
    while left:
        match left.pop():
            case Mapping() as found:
                for name, value in found.items():
                    if _NOT_ALNUM.sub("", str(name).lower()) in _NAMES:
                        yield from _texts(value)
                    else:
                        left.append(value)
            case list() | tuple() as found:
                left += found


def _texts(value: Any) -> Iterator[str]:
    left = [value]
    while left:
        match left.pop():
            case str() as found:
                yield found
            case bool():
                pass  # nobody's external ID
            case int() | float() as found:
                yield str(found)
            case list() | tuple() | set() | frozenset() as found:
                left += found


_NAMES_OF_OURS = (
    "outcome",
    "partner",
    "grant",
    "role_arn",
    "partner_needs",
    "config_bucket",
    "config_version",
)
_TEXT_OF_POLICIES = "policy_difference"
_LIST = re.compile(r"""(externalid["']?\s*:\s*\[)([^\]]*)""", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')


def redacted(result: Mapping[str, Any], unsaid: Iterable[str] = ()) -> dict[str, Any]:
    """A result (docs/results.md) for people, without `external_id`, and without its value anywhere.

    `unsaid` are more external IDs that are known of the grant.
    """
    redact = Redactor([*_values(result), *unsaid])
    told = {
        name: value if name in _NAMES_OF_OURS else redact.document(value)
        for name, value in result.items()
        if name not in ("external_id", "external_ids")
    }
    if lines := told.get(_TEXT_OF_POLICIES):
        told[_TEXT_OF_POLICIES] = _LIST.sub(_emptied, "\n".join(lines)).split("\n")
    return told


def _emptied(found: re.Match[str]) -> str:
    """A list of external IDs over several lines of a policy, with none of them."""
    return found[1] + _QUOTED.sub(f'"{HIDDEN}"', found[2])
