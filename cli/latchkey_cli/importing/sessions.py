"""What sessions may bring with them by a trust policy: session tags and a source identity."""

from collections.abc import Iterable, Iterator
from typing import Any

from latchkey.iam.condition import Condition
from latchkey.iam.document import Document
from latchkey.iam.patterns import covers
from latchkey.iam.permit import stands_for
from latchkey.iam.statement import Statement, statements_of
from latchkey_cli.importing.dates import written_by_latchkey
from latchkey_cli.importing.note import Note

TAG, IDENTITY = "sts:tagsession", "sts:setsourceidentity"
FIELDS = {TAG: "session_tags", IDENTITY: "source_identity"}
_KEYS = ("forallvalues:stringequals", "aws:tagkeys")
_OWN = ("forallvalues:stringnotlike", "forallvalues:stringnotequalsignorecase")
"""What Latchkey writes where any key is allowed but those of the role."""


def session_fields(
    document: Document, principals: Iterable[str], asked: Iterable[Condition]
) -> tuple[dict[str, Any], list[Note]]:
    """`session_tags` and `source_identity` of a trust policy, and notes about what is lost.

    A config gives them to all its `principals`, under the networks and dates of the grant. So they
    are lost where the role lets only some of them, or asks for more than `asked`, the conditions
    of the statement that lets them in.
    """
    known = {(one.operator.lower(), one.key.lower(), frozenset(one.values)) for one in asked}
    named, fields, notes = list(principals), dict[str, Any](), list[Note]()
    for action, field in FIELDS.items():
        found = [one for one in statements_of(document) if _is_about(one, action)]
        if not found:
            continue
        usable = [one for one in found if not list(_unknown(one, action, known))]
        to = {named.name for one in usable for named in one.principals or ()}
        if not named or not all(any(stands_for(_id(a), _id(b)) for a in to) for b in named):
            more = sorted({text for one in found for text in _unknown(one, action, known)})
            why = f"under {', '.join(more)}" if more else "by some of its principals only"
            text = f"{field}: the role allows it {why}; a config cannot say so"
            notes.append(Note("lost", text))
        elif action == IDENTITY:
            fields[field] = True
        else:
            fields[field] = _keys(usable)
            if fields[field] is True:
                text = "session_tags: any key is allowed; the guardrails have to allow that, too"
                notes.append(Note("decide", f"{text}, or list the keys that the partner passes"))
    return fields, notes


def _is_about(statement: Statement, action: str) -> bool:
    actions = [one.lower() for one in statement.actions]
    return statement.effect == "Allow" and any(covers(one, action) for one in actions)


def _unknown(statement: Statement, action: str, known: set[Any]) -> Iterator[str]:
    """The conditions of a statement that a config would not keep."""
    for one in statement.conditions:
        about = (one.operator.lower(), one.key.lower())
        tags = action == TAG and about[1] == _KEYS[1] and about[0] in (_KEYS[0], *_OWN)
        if tags or (*about, frozenset(one.values)) in known or written_by_latchkey(one):
            continue
        yield f"{one.operator} {one.key}"


def _keys(statements: Iterable[Statement]) -> list[str] | bool:
    """The keys that all of some statements allow, which are fewest where each has a list."""
    lists = [
        {*one.values}
        for statement in statements
        for one in statement.conditions
        if (one.operator.lower(), one.key.lower()) == _KEYS
    ]
    return sorted(set.intersection(*lists)) if lists else True


def _id(name: str) -> str:
    return name.split(":")[4] if name.endswith(":root") else name
