"""The external IDs that a trust policy asks for, as a config names them."""

from latchkey.config.trust_fields import is_external_id, listed_external_ids
from latchkey.iam.condition import Condition
from latchkey.iam.statement import Statement
from latchkey_cli.importing.note import Note
from latchkey_cli.importing.trust_found import TrustFields

_MOST_EXTERNAL_IDS = 5
_USUAL_LENGTH = 8
"""The default of the guardrail `min_external_id_length`."""


def operator_of(condition: Condition) -> str:
    """The operator without `ForAnyValue:`, which changes nothing for keys that have one value.

    Neither form holds where the key is missing (IAM user guide, "Multivalued context keys").
    """
    return condition.operator.lower().removeprefix("foranyvalue:")


def add_external_ids(values: list[str], found: TrustFields) -> None:
    """Keep what a config can have: up to 5 exact values; who sends another gets in no more."""
    had = listed_external_ids(found.fields.get("external_id"))
    named = [value for value in dict.fromkeys(values) if value not in had]
    exact = [value for value in named if is_external_id(value)]
    kept = [*had, *exact][:_MOST_EXTERNAL_IDS]
    if kept:
        found.fields["external_id"] = kept[0] if len(kept) == 1 else kept
    if inexact := len(named) - len(exact):
        found.lose(f"{inexact} of the external IDs: a config has exact values of 2 or more letters")
    if beyond := len(had) + len(exact) - len(kept):
        found.lose(f"{beyond} of the external IDs: a grant has {_MOST_EXTERNAL_IDS} at most")
    if any(len(value) < _USUAL_LENGTH for value in kept):
        text = f"an external ID of fewer than {_USUAL_LENGTH} characters, which is easy to guess: "
        text += "ask for a longer one, or have the guardrail min_external_id_length lowered"
        found.notes.append(Note("decide", text))


def differs_in_external_ids(
    statement: Statement, kept: Statement, principals: list[str], found: TrustFields
) -> bool:
    """Add the external IDs of a statement that differs from the one that is kept in them alone."""
    mine, others = _by_external_id(statement), _by_external_id(kept)
    if set(principals) != set(found.fields["principals"]) or mine[1] != others[1]:
        return False
    if not (mine[0] and others[0]) or mine[0] == others[0]:
        return False
    add_external_ids(list(mine[0]), found)
    return True


def _by_external_id(statement: Statement) -> tuple[tuple[str, ...], set[Condition]]:
    """The external IDs that a statement asks for, and its other conditions."""
    asked = [one for one in statement.conditions if _is_external_id(one)]
    values = asked[0].values if len(asked) == 1 else ()
    return values, set(statement.conditions) - set(asked)


def _is_external_id(one: Condition) -> bool:
    return (operator_of(one), one.key.lower()) == ("stringequals", "sts:externalid")


def require_external_id(found: TrustFields, kept: Statement | None) -> None:
    """Have one generated where none is kept of `kept`, the statement that a grant is made of."""
    if "external_id" in found.fields:
        return
    found.fields["generate_external_id"] = True
    text = "no usable external ID; one is generated, for the partner to use"
    found.notes.append(Note("decide", text))
    asked = [] if kept is None else [one for one in kept.conditions if _is_external_id(one)]
    if any(one.values for one in asked):  # by exact values, of which none is one that STS takes
        text = "the role asks for an external ID that nobody can send: it lets nobody in"
        found.notes.append(Note("wider", text))
