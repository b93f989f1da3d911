"""Statements of policy documents, read in one place for everything that draws conclusions."""

from collections.abc import Container, Iterator, Mapping
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.condition import Condition
from latchkey.iam.values import listed, texts


class NamedPrincipal(Frozen):
    """A principal as a policy names it; `kind` is `AWS`, `Service`, `Federated` or another."""

    kind: str
    name: str


class Statement(Frozen):
    """One statement, with each element in the order and spelling of its document.

    `principals` is None where there is no Principal, as in permissions policies. `not_actions`,
    `not_resources` and `not_principals` are None unless the statement is made of all but these.
    `source` is the statement as JSON data.
    """

    sid: str | None
    effect: str | None
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[NamedPrincipal, ...] | None
    conditions: tuple[Condition, ...]
    not_actions: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    not_principals: tuple[NamedPrincipal, ...] | None
    source: Mapping[str, Any]

    @property
    def aws_principals(self) -> tuple[str, ...]:
        """Accounts, ARNs and `*`: the principals of AWS identities."""
        return tuple(one.name for one in self.principals or () if one.kind == "AWS")


def statements_of(document: Any) -> Iterator[Statement]:
    """The statements of a policy document, in its order; what is no object is left out."""
    found = document.get("Statement") if isinstance(document, Mapping) else None
    return (_read(statement) for statement in listed(found) if isinstance(statement, Mapping))


def without_sids(statement: Mapping[str, Any], taken: Container[str]) -> dict[str, Any]:
    """A statement as JSON data, without its Sid if that is one of those taken.

    IAM takes each Sid once in a policy (IAM user guide, "AWS JSON policy elements: Sid").
    """
    named = statement.get("Sid")
    rest = dict(statement)
    if named is not None and named in taken:
        del rest["Sid"]
    return rest


def _read(document: Mapping[str, Any]) -> Statement:
    sid, effect = document.get("Sid"), document.get("Effect")
    return Statement(
        sid=None if sid is None else str(sid),
        effect=None if effect is None else str(effect),
        actions=tuple(texts(document.get("Action"))),
        resources=tuple(texts(document.get("Resource"))),
        principals=_principals(document.get("Principal")),
        conditions=tuple(_conditions(document.get("Condition"))),
        not_actions=_all_but(document, "NotAction"),
        not_resources=_all_but(document, "NotResource"),
        not_principals=_principals(document.get("NotPrincipal")),
        source=document,
    )


def _principals(value: Any) -> tuple[NamedPrincipal, ...] | None:
    if value is None:
        return None
    kinds = value if isinstance(value, Mapping) else {"AWS": value}
    return tuple(
        NamedPrincipal(kind, name) for kind, names in kinds.items() for name in texts(names)
    )


def _all_but(document: Mapping[str, Any], element: str) -> tuple[str, ...] | None:
    return tuple(texts(document[element])) if element in document else None


def _conditions(value: Any) -> Iterator[Condition]:
    for operator, keys in value.items() if isinstance(value, Mapping) else ():
        for key, values in keys.items() if isinstance(keys, Mapping) else ():
            yield Condition(operator, key, tuple(texts(values)))
