"""The principals and conditions of a trust policy, as fields of a config."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from latchkey.iam.document import Document
from latchkey.iam.patterns import covers
from latchkey.iam.principal import parse_principal
from latchkey.iam.statement import NamedPrincipal, Statement, statements_of
from latchkey_cli.importing.dates import written_by_latchkey
from latchkey_cli.importing.note import Note

_ASSUME = "sts:assumerole"
_EXTERNAL_ID = 8
_PLAIN = ("stringequals", "arnequals", "bool", "ipaddress", "stringlike", "arnlike")


@dataclass
class TrustFields:
    """The fields of a config about principals and conditions, and notes about the rest."""

    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def lose(self, text: str) -> None:
        """Add a note about a principal that the config drops."""
        self.notes.append(Note("lost", text))


def trust_fields(document: Document, account: str) -> TrustFields:
    """The fields that describe a trust policy; `account` is our own, which needs no grant.

    A grant has one set of conditions: that of the first statement that names a partner. Statements
    with other conditions are dropped.
    """
    found = TrustFields()
    kept: Statement | None = None
    for statement in statements_of(document):
        principals = list(_principals(statement, account, found))
        if not principals:
            continue
        if kept is None:
            kept = statement
            _restrict(statement, found)
        elif statement.source.get("Condition") != kept.source.get("Condition"):
            found.lose(f"{', '.join(principals)}: under other conditions; write a second grant")
            continue
        names = found.fields.setdefault("principals", [])
        names += [name for name in principals if name not in names]
    _narrow(found)
    _require_external_id(found)
    return found


def _principals(statement: Statement, account: str, found: TrustFields) -> Iterator[str]:
    if statement.effect != "Allow":
        found.lose("a Deny in the trust policy; a config has only principals that are allowed")
        return
    if not any(covers(action.lower(), _ASSUME) for action in statement.actions):
        return
    if statement.principals is None:
        found.lose("a trust statement with NotPrincipal: it trusts everybody else")
        return
    for principal in statement.principals:
        if reason := _unsupported(principal, account):
            found.lose(f"principal {principal.name}: {reason}")
        else:
            yield principal.name


def _unsupported(principal: NamedPrincipal, account: str) -> str | None:
    """The reason why a config cannot name a principal, or None."""
    if principal.kind != "AWS":
        return f"a {principal.kind.lower()} principal; a grant is for roles, users and accounts"
    if principal.name == "*":
        return "anybody in any account; name the partner's account, role or user"
    if principal.name.startswith(("AROA", "AIDA")):
        return "was deleted in the partner's account"
    try:
        parsed = parse_principal(principal.name)
    except ValueError as error:
        return str(error)
    if parsed.account == account:
        return "of this account, which needs no grant"
    return None


def _restrict(statement: Statement, found: TrustFields) -> None:
    for one in statement.conditions:
        if written_by_latchkey(one):
            continue
        values = list(one.values)
        if one.operator.lower() not in _PLAIN or not _kept(one.key.lower(), values, found):
            text = f"trust condition {one.operator} {one.key} = {', '.join(values)}"
            found.notes.append(Note("wider", text))


def _kept(key: str, values: list[str], found: TrustFields) -> bool:
    """Set the field for a condition; answers whether there is one that keeps all of it."""
    fields = found.fields
    match key:
        case "sts:externalid":
            usable = [v for v in values if len(v) >= _EXTERNAL_ID and not set(v) & set("*?")]
            if usable:
                fields["external_id"] = usable[0]
            return len(usable) == len(values) == 1
        case "aws:principalorgid" if len(values) == 1:
            fields["organization_id"] = values[0]
        case "aws:sourceip":
            fields["source_ips"] = values
        case "aws:multifactorauthpresent" if values == ["true"]:
            fields["require_mfa"] = True
        case "aws:principalarn" if not any(set(value) & set("*?") for value in values):
            fields["_arns"] = values
        case _:
            return False
    return True


def _narrow(found: TrustFields) -> None:
    """Replace an account with conditions on the ARNs of its principals by these principals."""
    arns = found.fields.pop("_arns", None)
    if not arns:
        return
    accounts = {parse_principal(name).account for name in found.fields.get("principals", [])}
    named = [arn for arn in arns if _account(arn) in accounts]
    if named:
        found.fields["principals"] = named


def _require_external_id(found: TrustFields) -> None:
    if "external_id" not in found.fields:
        found.fields["generate_external_id"] = True
        text = "no usable external ID; one is generated, for the partner to use"
        found.notes.append(Note("decide", text))


def _account(arn: str) -> str | None:
    try:
        return parse_principal(arn).account
    except ValueError:
        return None
