"""What two policy documents both allow, and all that either of them denies."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from itertools import product
from typing import Any, TypeAlias

from latchkey.iam.canonical import canonical_policy, same_policy
from latchkey.iam.condition import Condition, Conditions, at_least_as_strict, wider
from latchkey.iam.document import Document
from latchkey.iam.patterns import overlaps
from latchkey.iam.permit import lifted, stands_for
from latchkey.iam.statement import NamedPrincipal, Statement, statements_of, without_sids

_Cell: TypeAlias = tuple[str, str | None, NamedPrincipal | None]
"""An action, on a resource (none in trust policies), for a principal (none in the others)."""

_ONE_OF = {
    *("StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"),
    "ForAllValues:StringEquals",
}


def meet(wanted: Document, found: Document) -> Document | None:
    """What `wanted` allows as far as `found` allows it too; None where nothing is left.

    It allows nothing that either does not allow; where that cannot be written, it allows less.
    Statements of `wanted` that `found` allows as they are stay as they are.
    """
    allows = [one for one in statements_of(canonical_policy(found)) if one.effect == "Allow"]
    kept = [
        statement
        for one in statements_of(wanted)
        for statement in (_kept(one, allows) if one.effect == "Allow" else [one.source])
    ]
    if not any(statement["Effect"] == "Allow" for statement in kept):
        return None
    taken = {str(statement.get("Sid")) for statement in kept}
    denials = [without_sids(one.source, taken) for one in lifted(found, wanted)]
    return {**wanted, "Statement": [*kept, *denials]}


def _kept(wanted: Statement, allows: list[Statement]) -> Iterator[dict[str, Any]]:
    all_but = (wanted.not_actions, wanted.not_resources, wanted.not_principals)
    if any(named is not None for named in all_but):
        if any(
            same_policy({"Statement": one.source}, {"Statement": wanted.source}) for one in allows
        ):
            yield dict(wanted.source)
        return
    own = frozenset(wanted.conditions)
    cells = {cell: _conditions(cell, own, allows) for cell in _cells(wanted)}
    if all(conditions == own for conditions in cells.values()):
        yield dict(wanted.source)
        return
    grouped: dict[Conditions, list[_Cell]] = {}
    for cell, conditions in cells.items():
        if conditions is not None:
            grouped.setdefault(conditions, []).append(cell)
    blocks = [(c, *block) for c, mine in grouped.items() for block in _blocks(mine)]
    for number, (conditions, actions, rest) in enumerate(blocks):
        yield _written(wanted, number, conditions, actions, rest)


def _cells(statement: Statement) -> Iterator[_Cell]:
    resources = statement.resources or (None,)
    principals = statement.principals or (None,)
    return product(statement.actions, resources, principals)


def _conditions(cell: _Cell, own: Conditions, allows: Iterable[Statement]) -> Conditions | None:
    """Under which of its own and the other's conditions a cell is allowed by both."""
    joined = [_joined(own, one.conditions) for one in allows if _reaches(one, cell)]
    possible = [one for one in joined if one is not None]
    return own if own in possible else next(iter(possible), None)


def _reaches(statement: Statement, cell: _Cell) -> bool:
    action, resource, principal = cell
    return (
        _among(action.lower(), statement.actions, statement.not_actions)
        and (resource is None or _among(resource, statement.resources, statement.not_resources))
        and (principal is None or _lets_in(statement, principal))
    )


def _among(name: str, named: Iterable[str], all_but: Iterable[str] | None) -> bool:
    fold = ":" in name and not name.startswith("arn:")
    if all_but is None:
        return any(wider(one.lower() if fold else one, name) for one in named)
    if "*" in name[:-1] or "?" in name or "${" in name:
        return False  # of such a pattern, some may be among those left out
    return not any(overlaps(name, one.lower() if fold else one) for one in all_but)


def _lets_in(statement: Statement, principal: NamedPrincipal) -> bool:
    named = statement.principals or ()
    return any(
        one.name == "*" or (one.kind == principal.kind and stands_for(one.name, _id(principal)))
        for one in named
    )


def _id(principal: NamedPrincipal) -> str:
    """An account's root by its ID, as policies have it in canonical form."""
    parts = principal.name.split(":")
    return parts[4] if len(parts) == 6 and parts[5] == "root" else principal.name


def _joined(one: Iterable[Condition], other: Iterable[Condition]) -> Conditions | None:
    """Conditions that hold where both sets hold; None where that cannot be written."""
    joined = {condition.about: condition for condition in one}
    for condition in other:
        mine = joined.get(condition.about)
        both = condition if mine is None else _both(mine, condition)
        if both is None:
            return None
        joined[condition.about] = both
    return frozenset(joined.values())


def _both(one: Condition, other: Condition) -> Condition | None:
    if at_least_as_strict(one, other):
        return one
    if at_least_as_strict(other, one):
        return Condition(one.operator, one.key, other.values)
    if one.operator in _ONE_OF:
        values = tuple(value for value in one.values if value in other.values)
    elif one.operator == "IpAddress":
        values = tuple(_narrower(one.values, other.values))
    else:
        values = ()
    return Condition(one.operator, one.key, values) if values else None


def _narrower(one: Iterable[str], other: Iterable[str]) -> Iterator[str]:
    for mine, theirs in product(one, other):
        for small, big in ((mine, theirs), (theirs, mine)):
            if _is_in(small, big):
                yield small
                break


def _is_in(small: str, big: str) -> bool:
    try:
        inner, outer = ip_network(small, strict=False), ip_network(big, strict=False)
        return inner.subnet_of(outer)  # type: ignore[arg-type]  # raises for another version
    except (TypeError, ValueError):
        return False


def _blocks(cells: Iterable[_Cell]) -> Iterator[tuple[list[str], list[_Cell]]]:
    """Cells as few statements: those of the same actions together."""
    actions: dict[tuple[str | None, NamedPrincipal | None], list[str]] = {}
    for action, resource, principal in cells:
        actions.setdefault((resource, principal), []).append(action)
    together: dict[tuple[str, ...], list[_Cell]] = {}
    for (resource, principal), mine in actions.items():
        together.setdefault(tuple(mine), []).append((mine[0], resource, principal))
    for shared, rest in together.items():
        yield list(shared), rest


def _written(
    wanted: Statement,
    number: int,
    conditions: Conditions,
    actions: list[str],
    rest: list[_Cell],
) -> dict[str, Any]:
    """A statement of its own, named after the one that it is what is left of."""
    statement: dict[str, Any] = {"Sid": f"{wanted.sid or ''}Kept{number}", "Effect": "Allow"}
    if wanted.principals is not None:
        kinds: dict[str, list[str]] = {}
        for _, _, principal in rest:
            if principal:
                kinds.setdefault(principal.kind, []).append(principal.name)
        statement["Principal"] = kinds
    statement["Action"] = actions
    if wanted.resources:
        statement["Resource"] = [resource for _, resource, _ in rest]
    written: dict[str, dict[str, Any]] = {}
    for condition in sorted(conditions):
        written.setdefault(condition.operator, {})[condition.key] = list(condition.values)
    return {**statement, **({"Condition": written} if written else {})}
