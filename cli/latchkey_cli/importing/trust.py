"""Whom a trust policy lets in, as fields of a config."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from latchkey.iam.patterns import covers
from latchkey.iam.principal import parse_principal
from latchkey_cli.importing.hand_made import Document, Note, conditions, is_ours, listed, statements

_ASSUME = "sts:assumerole"
_EXTERNAL_ID = 8
_PLAIN = ("stringequals", "arnequals", "bool", "ipaddress", "stringlike", "arnlike")


@dataclass
class Trusted:
    """Fields of a config about who is let in, and remarks about the rest."""

    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def lose(self, text: str) -> None:
        """Remark that somebody is not let in any more."""
        self.notes.append(Note("lost", text))


def trusted(document: Document, account: str) -> Trusted:
    """What a trust policy says; `account` is our own, which needs no grant.

    Statements with other conditions than the first that names a partner are left out: one grant
    has one set of conditions.
    """
    found = Trusted()
    kept: Mapping[str, Any] | None = None
    for statement in statements(document):
        principals = list(_principals(statement, account, found))
        if not principals:
            continue
        if kept is None:
            kept = statement
            _restrict(statement, found)
        elif statement.get("Condition") != kept.get("Condition"):
            found.lose(f"{', '.join(principals)}: under other conditions; write a second grant")
            continue
        names = found.fields.setdefault("principals", [])
        names += [name for name in principals if name not in names]
    _narrow(found)
    if "external_id" not in found.fields:
        found.fields["generate_external_id"] = True
        found.notes.append(
            Note("decide", "there is no usable external ID; one is made, for the partner to use")
        )
    return found


def _principals(statement: Mapping[str, Any], account: str, found: Trusted) -> Iterator[str]:
    if statement.get("Effect") != "Allow":
        found.lose("a Deny in the trust policy; a config only says who is let in")
        return
    if not any(covers(action.lower(), _ASSUME) for action in listed(statement.get("Action"))):
        return
    if "Principal" not in statement:
        found.lose("a trust statement with NotPrincipal: it trusts everybody else")
        return
    given = statement["Principal"]
    kinds = given if isinstance(given, dict) else {"AWS": given}
    for kind, value in kinds.items():
        for text in listed(value):
            why = _refused(kind, text, account)
            if why:
                found.lose(f"principal {text}: {why}")
            else:
                yield text


def _refused(kind: str, text: str, account: str) -> str | None:
    """Why a principal cannot be one of a config's, or None."""
    if kind != "AWS":
        return f"a {kind.lower()} principal; a grant is for roles, users and accounts"
    if text == "*":
        return "anybody in any account; name the partner's account, role or user"
    if text.startswith(("AROA", "AIDA")):
        return "was deleted in the partner's account"
    try:
        parsed = parse_principal(text)
    except ValueError as error:
        return str(error)
    if parsed.account == account:
        return "of this account, which needs no grant"
    return None


def _restrict(statement: Mapping[str, Any], found: Trusted) -> None:
    for operator, key, values in conditions(statement):
        if is_ours(operator, key):
            continue
        if operator.lower() not in _PLAIN or not _kept(key.lower(), values, found):
            text = f"trust condition {operator} {key} = {', '.join(values)}"
            found.notes.append(Note("wider", text))


def _kept(key: str, values: list[str], found: Trusted) -> bool:
    """Take a condition over into a field; answers whether there is one for it."""
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


def _narrow(found: Trusted) -> None:
    """An account with conditions on its principals' ARNs is those principals."""
    arns = found.fields.pop("_arns", None)
    if not arns:
        return
    accounts = {parse_principal(name).account for name in found.fields.get("principals", [])}
    named = [arn for arn in arns if _account(arn) in accounts]
    if named:
        found.fields["principals"] = named


def _account(arn: str) -> str | None:
    try:
        return parse_principal(arn).account
    except ValueError:
        return None
