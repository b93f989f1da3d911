"""The web identities that a trust policy lets in, as a config names them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from latchkey.iam.condition import Condition
from latchkey.iam.document import Document
from latchkey.iam.patterns import covers
from latchkey.iam.statement import NamedPrincipal, Statement, statements_of
from latchkey.iam.web_identity import (
    ASSUME_BY_TOKEN,
    BUILT_IN,
    FEDERATED,
    TokenKeys,
    is_pattern,
    keys_of,
    provider_of,
)
from latchkey_cli.importing.dates import written_by_latchkey
from latchkey_cli.importing.note import Note

_EQUALS, _LIKE, _NETWORK = "stringequals", "stringlike", ("ipaddress", "aws:sourceip")


@dataclass
class ByToken:
    """What is found: the identities, further fields, notes, and what every statement asks for."""

    principals: list[dict[str, Any]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    asked: set[Condition] | None = None

    def beside_others(self) -> Iterator[Note]:
        """What is lost of it where a role lets in accounts, roles or users, too."""
        for name in self.names:
            yield Note("lost", f"principal {name}: tokens are for a grant of their own")
        yield from (note for note in self.notes if note.kind == "lost")


def web_identities(document: Document, account: str) -> ByToken:
    """What a trust policy says of tokens; `account` is our own, whose providers a grant can name.

    Nothing is let in that the role keeps out: where a condition cannot be kept, a note says wider.
    """
    found = ByToken()
    for statement in statements_of(document):
        by_token = any(covers(one.lower(), ASSUME_BY_TOKEN.lower()) for one in statement.actions)
        federated = [one for one in statement.principals or () if one.kind == FEDERATED]
        if statement.effect != "Allow" or not federated:
            continue
        for principal in federated:
            if reason := _unsupported(principal, account):
                found.notes.append(Note("lost", f"principal {principal.name}: {reason}"))
            elif by_token:
                _add(principal.name, statement, found)
            elif any(covers(one.lower(), "sts:assumerole") for one in statement.actions):
                text = "a federated principal, which gets in by sts:AssumeRoleWithWebIdentity only"
                found.notes.append(Note("lost", f"principal {principal.name}: {text}"))
    return found


def _unsupported(principal: NamedPrincipal, account: str) -> str | None:
    provider = provider_of(principal.name)
    if provider is None:
        return "an identity provider of SAML, or of another kind; a grant is for OIDC only"
    if provider == principal.name:
        return None
    if principal.name.split(":")[4] != account:
        return "an identity provider of another account"
    if provider in BUILT_IN:
        return "the account's own of a name that is built in to AWS, which a config would name"
    return None


def _add(name: str, statement: Statement, found: ByToken) -> None:
    provider = provider_of(name) or ""
    keys = keys_of(provider)
    rest = [one for one in statement.conditions if not _is_added(one, provider, keys)]
    audiences = _values(rest, f"{provider}:{keys.audience}")
    subjects = _values(rest, f"{provider}:{keys.subject}")
    _keep_others(rest, (f"{provider}:{keys.audience}", f"{provider}:{keys.subject}"), found)
    own = set(statement.conditions)
    found.asked = own if found.asked is None else found.asked & own
    for what, values in (("subject", subjects), ("audience", audiences)):
        if values is None:
            text = f"the role asks for no {what} of {provider}, which is wider than any config"
            found.notes.append(Note("wider", f"{text}: name the {what}s that may assume it"))
    if any(map(is_pattern, subjects or ())):
        text = f"subjects of {provider} are patterns: the guardrail allow_subject_patterns has to"
        found.notes.append(Note("decide", f"{text} allow them, or write exact ones"))
    found.names.append(name)
    for audience in audiences or ():
        subject: Any = sorted(subjects or ())
        if subject:
            one = {"oidc_provider": provider, "audience": audience}
            found.principals.append({**one, "subject": subject if subject[1:] else subject[0]})


def _is_added(one: Condition, provider: str, keys: TokenKeys) -> bool:
    """Whether Latchkey writes such a condition by itself."""
    if written_by_latchkey(one):
        return True
    return any(
        (one.operator.lower(), one.key.lower()) == (operator.lower(), f"{provider}:{key}")
        and one.values == (value,)
        for operator, key, value in keys.also
    )


def _values(conditions: list[Condition], key: str) -> list[str] | None:
    """What a key may be by all conditions on it; None where none narrows it.

    A wildcard is a letter to StringEquals, and such a value is no token's.
    """
    exact, patterns = list[set[str]](), list[tuple[str, ...]]()
    for one in _about(conditions, key):
        if one.test.lower() == _EQUALS:
            exact.append({value for value in one.values if not is_pattern(value)})
        else:
            patterns.append(one.values)
    if exact:
        named = set.intersection(*exact)
        return sorted(v for v in named if all(any(covers(p, v) for p in ps) for ps in patterns))
    return sorted(patterns[0]) if patterns else None


def _about(conditions: list[Condition], key: str) -> Iterator[Condition]:
    """Those that narrow a key: `ForAllValues` and `IfExists` hold without it as well."""
    for one in conditions:
        operator = one.operator.lower().removeprefix("foranyvalue:")
        if one.key.lower() == key.lower() and operator in (_EQUALS, _LIKE):
            yield one


def _keep_others(conditions: list[Condition], keys: tuple[str, str], found: ByToken) -> None:
    """Networks are kept; of two patterns for one key, one is, and all else is lost: wider."""
    narrowing = [one for key in keys for one in _about(conditions, key)]
    for key in keys:
        mine = list(_about(conditions, key))
        if not any(one.test.lower() == _EQUALS for one in mine):
            narrowing = [one for one in narrowing if one not in mine[1:]]
    for one in conditions:
        if one in narrowing:
            continue
        about, values = (one.operator.lower(), one.key.lower()), list(one.values)
        if about == _NETWORK and found.fields.setdefault("source_ips", values) == values:
            continue
        text = f"trust condition {one.operator} {one.key} = {', '.join(values)}"
        found.notes.append(Note("wider", text))
