"""Repair never widens: what somebody changed by hand, and only takes away, stays.

The role that is to be is cut to what is left of it, until a person orders otherwise: by `resume`,
or by a version of the file whose content differs (docs/decisions/0026).
"""

from typing import Any

from latchkey.frozen import Frozen
from latchkey.grants.drift import BOUNDARY, boundary_part, permissions_part, trust_part
from latchkey.grants.role import POLICY_NAME, DesiredRole, ObservedRole
from latchkey.grants.sessions import VERSION, cut_off_in, suspended_policy, with_cut_off
from latchkey.grants.sizes import INLINE_LIMIT, TRUST_LIMIT, policy_size
from latchkey.iam.document import Document
from latchkey.iam.lost_principals import only_lost_principals
from latchkey.iam.meet import meet
from latchkey.iam.permit import lifted, within
from latchkey.iam.statement import statements_of, without_sids
from latchkey.newer_python import replace

KEPT = "changed by hand, and kept, since it takes access away: "
"""How a finding begins about what somebody took away."""

NOBODYS = "nobody's"
"""A part that stands for no policy: with it alone, nothing counts as Latchkey's own."""

DENY_ALL = "policy/AWSDenyAll"
"""The managed policy of AWS that denies everything, in every partition."""


class Written(Frozen):
    """What Latchkey itself wrote, or may have written: `parts` (`grants.drift.written_parts`).

    Without any, nobody knows, and everything counts as its own.
    """

    parts: tuple[str, ...] = ()

    def has_trust(self, document: Document) -> bool:
        """Whether a trust policy is Latchkey's own."""
        return not self.parts or trust_part(document) in self.parts

    def has_permissions(self, document: Document | None) -> bool:
        """Whether a permissions policy is Latchkey's own."""
        return not self.parts or permissions_part(document) in self.parts

    def has_boundary(self, arn: str) -> bool:
        """Whether a permissions boundary is one that Latchkey put on; a role had none before."""
        known = any(part.startswith(BOUNDARY) for part in self.parts)
        return not known or boundary_part(arn) in self.parts

    def policies_of(self, observed: ObservedRole) -> dict[str, Any]:
        """The policies of a role that nobody but Latchkey wrote, by their field's name."""
        own: dict[str, Any] = {}
        if self.has_trust(observed.trust_policy):
            own["trust_policy"] = observed.trust_policy
        found = observed.permissions_policy
        if found is not None and self.has_permissions(found):
            own["permissions_policy"] = found
        return own


def repaired(
    desired: DesiredRole, observed: ObservedRole, written: Written, *, unsure: bool = False
) -> DesiredRole:
    """The role that is to be, without anything that somebody took away by hand.

    A role that was deleted and made anew by hand is another one: only its denials are kept. Where
    it is `unsure` what an earlier run did of the longest session, that counts as not changed.
    """
    anew = desired.role_id is not None and observed.role_id != desired.role_id
    kept = desired if anew else _still_attached(desired, observed)
    lost = only_lost(observed, desired)
    if not (anew or lost or written.has_trust(observed.trust_policy)):
        kept = replace(kept, trust_policy=_trust(desired.trust_policy, observed.trust_policy))
    if not (anew or written.has_permissions(observed.permissions_policy)):
        of_role = _bounds if desired.managed_access else _permissions
        found = of_role(desired.permissions_policy, observed.permissions_policy)
        kept = replace(kept, permissions_policy=found)
    if not (anew or unsure):
        shorter = min(desired.max_session_duration, observed.max_session_duration)
        kept = replace(kept, max_session_duration=shorter)
    return _boundary_left(_others_left(kept, observed), observed, written)


def lifts_denials(desired: DesiredRole, observed: ObservedRole) -> bool:
    """Whether something of somebody else's goes that denies anything, or may do so.

    That is a policy, or a boundary: of an unknown one nobody knows what it took away. One of the
    stack's own takes away nothing of what belongs to it.
    """
    gone = [one for name, one in observed.others.items() if name not in desired.others]
    arns = (arn for arn in observed.attached_policies if arn not in desired.all_attached)
    managed = [observed.managed.get(arn) for arn in arns]
    kept = (observed.boundary_arn, denying_boundary(observed))
    own = (None, *desired.own_boundaries)
    if observed.boundary_arn not in own and desired.boundary_arn not in kept:
        return True
    return any(one is None or denies(one) for one in (*gone, *managed))


def gives_back(desired: DesiredRole, observed: ObservedRole, written: Written) -> bool:
    """Whether sessions may do again what somebody took from the permissions policy by hand."""
    found = observed.permissions_policy
    return not (written.has_permissions(found) or within(desired.permissions_policy, found))


def only_lost(observed: ObservedRole, desired: DesiredRole) -> bool:
    """Whether a trust policy differs by principals that were deleted, and by nothing else."""
    gone = observed.gone_principals()
    if not gone or not only_lost_principals(observed.trust_policy, desired.trust_policy):
        return False
    named, wanted = (
        sum(len(one.aws_principals) for one in statements_of(document))
        for document in (observed.trust_policy, desired.trust_policy)
    )
    return named == wanted


def _still_attached(desired: DesiredRole, observed: ObservedRole) -> DesiredRole:
    """Without the policies of its access that somebody took off."""
    found = observed.attached_policies
    return replace(
        desired, managed_access=tuple(arn for arn in desired.managed_access if arn in found)
    )


def _trust(desired: Document, observed: Document) -> Document:
    if within(observed, desired):
        return observed
    found = meet(desired, observed)
    if found is None or policy_size(found) > TRUST_LIMIT:
        return _nobody(desired)
    return found


def _nobody(desired: Document) -> Document:
    """A trust policy that lets nobody in; IAM takes none without a statement."""
    first = next(one for one in desired["Statement"] if "Principal" in one)
    kept = {name: first[name] for name in ("Principal", "Action")}
    return {"Version": VERSION, "Statement": [{"Sid": "Nobody", "Effect": "Deny", **kept}]}


def _permissions(desired: Document, observed: Document | None) -> Document:
    """A policy that was deleted stays without effect: everything is denied."""
    if observed is None:
        return suspended_policy()
    cut_off = cut_off_in(desired)
    if within(with_cut_off(observed, cut_off), desired):
        return with_cut_off(observed, cut_off)
    return _both_allow(desired, observed)


def _both_allow(desired: Document, observed: Document) -> Document:
    found = meet(desired, observed)
    if found is None or policy_size(found) > INLINE_LIMIT:
        return suspended_policy()
    return found


def _bounds(desired: Document, observed: Document | None) -> Document:
    """The same for a role whose access is an AWS-managed policy, which ours only bounds.

    What somebody denies is added to what bounds it, of which nothing may be missing.
    """
    if observed is None:
        return suspended_policy()
    found = with_cut_off(observed, cut_off_in(desired))
    if within(found, desired) and not lifted(desired, found):
        return found
    if any(one.effect == "Allow" for one in statements_of(desired)):
        return _both_allow(desired, observed)
    taken = {str(one.sid) for one in statements_of(desired)}
    more = [without_sids(one.source, taken) for one in lifted(found, desired)]
    return {**desired, "Statement": [*desired["Statement"], *more]}


def _others_left(desired: DesiredRole, observed: ObservedRole) -> DesiredRole:
    """Other inline policies lose what they allow; managed ones stay if they deny anything.

    What else these allow, or what nobody can read, is made harmless by denying everything.
    """
    others = {
        name: _denials(document)
        for name, document in observed.others.items()
        if name != POLICY_NAME and denies(document)
    }
    foreign = (arn for arn in observed.attached_policies if arn not in desired.managed_access)
    attached = tuple(arn for arn in foreign if _stays(observed, arn))
    closed = any(not only_denies(observed.managed.get(arn)) for arn in attached)
    kept = replace(desired, others=others, attached=attached)
    return replace(kept, permissions_policy=suspended_policy()) if closed else kept


def _stays(observed: ObservedRole, arn: str) -> bool:
    document = observed.managed.get(arn)
    return document is None or denies(document)


def _boundary_left(desired: DesiredRole, observed: ObservedRole, written: Written) -> DesiredRole:
    """A boundary that denies everything stays; of another nobody knows what it took away.

    So it is replaced by the one that denies everything, in one call: IAM lets Latchkey write no
    policy under a boundary that it does not know. One of the stack's own that Latchkey put on
    itself is that of the access before, from which a run did not live to lead on.
    """
    found = observed.boundary_arn
    if found is None or found == desired.boundary_arn:
        return desired
    if found in desired.own_boundaries and written.has_boundary(found):
        return desired
    return replace(desired, boundary_arn=denying_boundary(observed))


def denying_boundary(observed: ObservedRole) -> str:
    """The ARN of the managed policy that denies everything, in the role's partition."""
    return f"arn:{observed.arn.split(':')[1]}:iam::aws:{DENY_ALL}"


def denies(document: Document) -> bool:
    """Whether a policy denies anything."""
    return any(one.effect == "Deny" for one in statements_of(document))


def only_denies(document: Document | None) -> bool:
    """Whether a policy denies, and allows nothing; no for one that could not be read."""
    return document is not None and all(one.effect == "Deny" for one in statements_of(document))


def _denials(document: Document) -> Document:
    """A policy that is kept, without what it allows."""
    if only_denies(document):
        return document
    denied = [dict(one.source) for one in statements_of(document) if one.effect == "Deny"]
    return {**document, "Statement": denied}
