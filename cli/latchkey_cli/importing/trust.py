"""The principals and conditions of a trust policy, as fields of a config."""

from collections.abc import Iterator

from latchkey.iam.document import Document
from latchkey.iam.patterns import covers
from latchkey.iam.principal import parse_principal
from latchkey.iam.statement import NamedPrincipal, Statement, statements_of
from latchkey.iam.web_identity import ASSUME_BY_TOKEN, FEDERATED
from latchkey_cli.importing.dates import is_a_date_for_everything, written_by_latchkey
from latchkey_cli.importing.external_ids import (
    add_external_ids,
    differs_in_external_ids,
    operator_of,
    require_external_id,
)
from latchkey_cli.importing.itself import (
    apart,
    is_for_itself,
    notes_about_brought,
    notes_about_itself,
)
from latchkey_cli.importing.note import Note
from latchkey_cli.importing.sessions import FIELDS, session_fields
from latchkey_cli.importing.trust_found import TrustFields
from latchkey_cli.importing.web_identities import web_identities

_ASSUME = "sts:assumerole"
_KNOWN = (_ASSUME, "sts:assumerolewithsaml", ASSUME_BY_TOKEN.lower(), *FIELDS)

_FIELDS = {
    "sts:externalid": "external_id",
    "aws:principalorgid": "organization_id",
    "aws:sourceip": "source_ips",
    "aws:principalarn": "_arns",
}
_PLAIN = ("stringequals", "arnequals", "bool", "ipaddress", "stringlike", "arnlike")


def trust_fields(document: Document, account: str, role_arn: str = "") -> TrustFields:
    """The fields that describe a trust policy; `account` is our own, `role_arn` the role's own.

    A grant has one set of conditions: that of the first statement that names a partner. Statements
    with other conditions are dropped.
    """
    found = TrustFields()
    kept: Statement | None = None
    document = apart(document, role_arn)
    for statement in statements_of(document):
        if is_for_itself(statement, account, role_arn):
            found.fields["self_assume"] = True
            found.notes += notes_about_itself(statement, document)
            continue
        principals = list(_principals(statement, account, found))
        if not principals:
            continue
        if kept is None:
            kept = statement
            _restrict(statement, found)
        elif differs_in_external_ids(statement, kept, principals, found):
            continue
        elif statement.source.get("Condition") != kept.source.get("Condition"):
            found.lose(f"{', '.join(principals)}: under other conditions; write a second grant")
            continue
        names = found.fields.setdefault("principals", [])
        names += [name for name in principals if name not in names]
    _narrow(found)
    _without_mfa_of_roles(found)
    tokens = web_identities(document, account)
    if kept is None and tokens.names:
        found.fields |= {**tokens.fields, "principals": tokens.principals}
        found.notes += tokens.notes
        named, asked = tokens.names, tuple(tokens.asked or ())
    else:
        found.notes += tokens.beside_others()
        require_external_id(found, kept)
        named, asked = found.fields.get("principals", []), kept.conditions if kept else ()
    brought, notes = session_fields(document, named, asked)
    found.fields.update(brought)
    found.notes += notes
    if found.fields.get("self_assume"):
        found.notes += notes_about_brought(document, brought, account, role_arn)
    return found


def _principals(statement: Statement, account: str, found: TrustFields) -> Iterator[str]:
    if statement.effect != "Allow":
        if not is_a_date_for_everything(statement):
            found.notes.append(Note("wider", _denial(statement)))
        return
    if statement.not_actions is not None:
        found.lose("a trust statement with NotAction: name the actions")
        return
    if strange := [
        one for one in statement.actions if not any(covers(one.lower(), a) for a in _KNOWN)
    ]:
        found.lose(f"{', '.join(strange)} in the trust policy, which a config cannot allow")
    if not any(covers(action.lower(), _ASSUME) for action in statement.actions):
        return
    if statement.principals is None:
        found.lose("a trust statement with NotPrincipal: it trusts everybody else")
        return
    for principal in statement.principals:
        if principal.kind == FEDERATED:  # see importing/web_identities.py
            continue
        if reason := _unsupported(principal, account):
            found.lose(f"principal {principal.name}: {reason}")
        else:
            yield principal.name


def _denial(statement: Statement) -> str:
    keys = ", ".join(one.key for one in statement.conditions) or "no condition"
    return f"a Deny in the trust policy (on {keys}), which a config cannot have"


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
        if written_by_latchkey(one) or not one.values:  # without values it asks for nothing
            continue
        values = list(one.values)
        if operator_of(one) not in _PLAIN or not _kept(one.key.lower(), values, found):
            text = f"trust condition {one.operator} {one.key} = {', '.join(values)}"
            found.notes.append(Note("wider", text))


def _kept(key: str, values: list[str], found: TrustFields) -> bool:
    """Set the field for a condition; answers whether there is one that keeps all of it."""
    fields = found.fields
    if _FIELDS.get(key, "") in fields:
        return False  # a second condition: both have to be fulfilled
    match key:
        case "sts:externalid":
            add_external_ids(values, found)
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
    """The principals that fulfil conditions on `aws:PrincipalArn`.

    An account with such a condition is the principals of that account that the condition names; a
    principal that it does not name cannot assume the role.
    """
    arns = found.fields.pop("_arns", None)
    if not arns:
        return
    principals = list[str]()
    for name in found.fields.get("principals", []):
        if name in arns:
            principals.append(name)
        elif name.isdigit() or name.endswith(":root"):
            account = parse_principal(name).account
            principals += [arn for arn in arns if _account(arn) == account]
        else:
            found.lose(f"principal {name}: a condition names others (aws:PrincipalArn)")
    found.fields["principals"] = list(dict.fromkeys(principals))
    if gone := [arn for arn in arns if arn not in principals]:
        found.lose(f"the condition on aws:PrincipalArn {', '.join(gone)}: no principal of it")


def _without_mfa_of_roles(found: TrustFields) -> None:
    """A session of a role has no MFA: roles that it was asked of could not assume the role."""
    if not found.fields.get("require_mfa"):
        return
    principals = found.fields.get("principals", [])
    roles = [name for name in principals if ":role/" in name]
    if not roles:
        return
    if others := [name for name in principals if name not in roles]:
        found.fields["principals"] = others
        found.lose(f"principal {', '.join(roles)}: MFA is asked for, which no role's session has")
    else:
        del found.fields["require_mfa"]
        text = "trust condition on MFA, which no role's session has: nobody could assume the role"
        found.notes.append(Note("wider", text))


def _account(arn: str) -> str | None:
    try:
        return parse_principal(arn).account
    except ValueError:
        return None
