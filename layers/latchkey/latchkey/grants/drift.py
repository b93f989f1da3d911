"""Drift: changes to a role outside Latchkey, found by a digest and described in words.

An instance profile is left out: nobody can use a role through one that does not trust EC2.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from latchkey.grant_id import GrantId
from latchkey.grants.role import POLICY_NAME, DesiredRole, ObservedRole, RoleNaming
from latchkey.grants.sessions import suspended_policy, with_cut_off
from latchkey.iam.canonical import canonical, same_policy, statements
from latchkey.iam.document import Document

BOUNDARY = "boundary:"
"""What the written part that stands for a permissions boundary begins with."""


def desired_digest(role: DesiredRole, observed: ObservedRole | None = None) -> str:
    """A digest of all that a role is to be; the same as that of the role when it is so.

    `observed` is the role as it was before, some of whose tags are left alone.
    """
    found = observed.tags if observed else {}
    tags = {key: value for key, value in found.items() if key not in role.former_tags}
    others = {POLICY_NAME: role.permissions_policy, **role.others}
    return _digest(role, {**tags, **role.tags}, others, role.all_attached)


def observed_digest(role: ObservedRole) -> str:
    """A digest of all that a role is, to compare with that of what it is to be."""
    inline: dict[str, Any] = {name: role.others.get(name) for name in role.inline_policies}
    if POLICY_NAME in inline:
        inline[POLICY_NAME] = role.permissions_policy
    return _digest(role, role.tags, inline, role.attached_policies)


def _digest(
    role: DesiredRole | ObservedRole,
    tags: Mapping[str, str],
    inline: Mapping[str, Any],
    attached: Iterable[str],
) -> str:
    parts = [
        role.name,
        role.path,
        role.description,
        role.max_session_duration,
        role.boundary_arn,
        _own_tags(tags),
        canonical(role.trust_policy),
        {name: canonical(document) for name, document in inline.items()},
        sorted(attached),
    ]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def names_in_force(
    naming: RoleNaming, digests: Mapping[GrantId, str | None], roles: Iterable[ObservedRole]
) -> dict[GrantId, str]:
    """The names of grants' roles, among all that are there.

    A role that is not named after its grant is known by the grant's tags and, of several, as the
    one that was written, by the digest that is on record.
    """
    there = {role.name: role for role in roles}
    tagged: dict[GrantId | None, list[ObservedRole]] = {}
    for role in there.values():
        tagged.setdefault(naming.grant_of(role), []).append(role)
    found = {}
    for grant, digest in digests.items():
        usual = naming.role_name(grant)
        own = [] if usual in there else tagged.get(grant, [])
        as_written = [one for one in own if observed_digest(one) == digest]
        found[grant] = next((one.name for one in (*as_written, *own)), usual)
    return found


def written_parts(role: DesiredRole) -> tuple[str, ...]:
    """What is written of a role, by which a later change of it is told: its policies, its boundary.

    A cut-off makes no difference: it is put back and kept by itself.
    """
    permissions = with_cut_off(role.permissions_policy, None)
    boundary = boundary_part(role.boundary_arn)
    return _part("trust", role.trust_policy), _part("permissions", permissions), boundary


def trust_part(document: Document) -> str:
    """A trust policy as one of the written parts."""
    return _part("trust", document)


def permissions_part(document: Document | None) -> str:
    """A permissions policy as one of the written parts."""
    return _part("permissions", document and with_cut_off(document, None))


def boundary_part(arn: str) -> str:
    """A permissions boundary as one of the written parts."""
    return f"{BOUNDARY}{sha256(arn.encode()).hexdigest()[:16]}"


def _part(name: str, document: Document | None) -> str:
    return f"{name}:{sha256(canonical(document).encode()).hexdigest()[:16]}"


SUSPENDED = permissions_part(suspended_policy())
"""The part that stands for a permissions policy that denies everything."""
BARE = permissions_part(None)
"""The part that stands for a role without the permissions policy, as it is made."""


def drift(desired: DesiredRole, observed: ObservedRole | None) -> tuple[str, ...]:
    """What had been changed of a role that was as desired: one sentence each, for an auditor."""
    if observed is None:
        return (f"the role {desired.name} had been deleted",)
    return tuple(_sentences(desired, observed))


def _sentences(desired: DesiredRole, observed: ObservedRole) -> Iterator[str]:
    if observed.boundary_arn is None:
        yield "the permissions boundary had been taken off"
    elif observed.boundary_arn != desired.boundary_arn:
        yield f"the permissions boundary had been replaced by {observed.boundary_arn}"
    for arn in observed.attached_policies:
        if arn not in desired.all_attached:
            yield f"the managed policy {arn} had been attached"
    for arn in desired.managed_access:
        if arn not in observed.attached_policies:
            yield f"the managed policy {arn} had been detached"
    for policy in observed.inline_policies:
        if policy != POLICY_NAME and policy not in desired.others:
            yield f"the inline policy {policy} had been added"
        elif policy in desired.others and not same_policy(
            desired.others[policy], observed.others.get(policy)
        ):
            yield f"the inline policy {policy} had been added, and not only to deny"
    if observed.permissions_policy is None:
        yield f"the policy {POLICY_NAME} had been deleted"
    else:
        found = observed.permissions_policy
        yield from _policy("permissions policy", desired.permissions_policy, found)
    yield from _policy("trust policy", desired.trust_policy, observed.trust_policy)
    if observed.max_session_duration != desired.max_session_duration:
        yield (
            f"the longest session had been changed from {desired.max_session_duration} s "
            f"to {observed.max_session_duration} s"
        )
    if observed.description != desired.description:
        yield f"the description had been changed to {json.dumps(observed.description)}"
    yield from _tags(desired, observed)


def _tags(desired: DesiredRole, observed: ObservedRole) -> Iterator[str]:
    """Tags of others are no drift: an organization may put some on every role."""
    found = observed.tags
    for key in sorted({*desired.tags, *desired.former_tags}):
        if key not in desired.tags:
            if key in found:
                yield f"the tag {key} had been added, with the value {json.dumps(found[key])}"
        elif key not in found:
            yield f"the tag {key} had been removed"
        elif found[key] != desired.tags[key]:
            yield f"the tag {key} had been changed to {json.dumps(found[key])}"


def _policy(name: str, desired: Document, observed: Document) -> Iterator[str]:
    """The differences between two policies, statement by statement."""
    wanted, found = _by_sid(desired), _by_sid(observed)
    for sid, statement in found.items():
        if sid not in wanted:
            yield f"the {name} had a statement added: {_said(statement)}"
    for sid, statement in wanted.items():
        if sid not in found:
            yield f"the {name} had its statement {sid} removed: {_said(statement)}"
        elif not _same(found[sid], statement):
            yield from _statement(f"the {name}'s statement {sid}", statement, found[sid])
    for element in sorted({*desired, *observed} - {"Statement"}):
        if desired.get(element) != observed.get(element):
            yield f"the {name}'s {element} had been changed to {observed.get(element)}"


def _statement(name: str, desired: Document, observed: Document) -> Iterator[str]:
    for element in sorted({*desired, *observed}):
        wanted = _values(desired.get(element))
        found = _values(observed.get(element))
        parts = [
            *(f"{value} added" for value in sorted(found - wanted)),
            *(f"{value} removed" for value in sorted(wanted - found)),
        ]
        if parts:
            yield f"{name} had its {element} changed: {', '.join(parts)}"


def _same(one: Document, other: Document) -> bool:
    return same_policy({"Statement": one}, {"Statement": other})


def _by_sid(policy: Document) -> dict[str, Document]:
    """Statements by their Sid; by their text where they have none, or share it with another."""
    named: dict[str, Document] = {}
    for statement in statements(policy):
        sid = str(statement.get("Sid") or json.dumps(statement, sort_keys=True))
        named[json.dumps(statement, sort_keys=True) if sid in named else sid] = statement
    return named


def _said(statement: Document) -> str:
    parts = [str(statement.get("Effect"))]
    words = {"Principal": "by", "NotPrincipal": "by all but", "Action": "", "NotAction": "all but"}
    words |= {"Resource": "on", "NotResource": "on all but", "Condition": "if"}
    for element, word in words.items():
        if element in statement:
            parts += [word, ", ".join(sorted(_values(statement[element])))]
    return " ".join(filter(None, parts))


def _values(element: Any, where: str = "") -> set[str]:
    """The values of an element as texts; those of a principal or condition with their keys."""
    match element:
        case None:
            return set()
        case dict():
            inner = ((f"{where} {key}".strip(), value) for key, value in element.items())
            return {text for key, value in inner for text in _values(value, key)}
        case list():
            return {text for item in element for text in _values(item, where)}
        case _:
            return {f"{where} {element}".strip()}


def _own_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Without the tags that only AWS can write."""
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}
