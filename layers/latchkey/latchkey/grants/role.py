"""A partner role as it should be, and as it was found."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.iam.document import Document
from latchkey.iam.lost_principals import gone_principals
from latchkey.iam.permit import denies_all
from latchkey.newer_python import replace
from latchkey.services.boundary import kinds_of
from latchkey.services.managed import policies_of

if TYPE_CHECKING:  # most functions know roles, and need no config
    from latchkey.config.schema import PartnerConfig
    from latchkey.iam.environment import AwsEnvironment

POLICY_NAME = "latchkey-access"
GRANT_TAG = "latchkey:grant"
STACK_TAG = "latchkey:stack"
OWNER_TAG = "latchkey:owner"

_NOT_LATIN_1 = re.compile(r"[^\u0020-\u007e\u00a1-\u00ff]")
_BOUNDARY = re.compile(r":policy/latchkey-([\w-]+-)?[a-z]+-boundary-[a-z0-9-]+$", re.ASCII)
_NOT_IN_TAGS = re.compile(r"^aws:|[^\w .:/=+\-@]", re.IGNORECASE)


class RoleNaming(Frozen):
    """What the roles of a stack have in common.

    `path` begins and ends with `/`; `boundary_arn` is the permissions boundary of every role but
    those with another kind of access (`services.boundary.kinds`), whose `boundaries` are by kind.
    """

    stack: str
    path: str
    prefix: str
    boundary_arn: str
    boundaries: Mapping[str, str] = MappingProxyType({})

    def boundary_of(self, kind: str) -> str:
        """The permissions boundary for a kind of access; never another one in its place."""
        return self.boundaries[kind] if kind else self.boundary_arn

    @property
    def own_boundaries(self) -> tuple[str, ...]:
        """All permissions boundaries of the stack, the usual one first."""
        return self.boundary_arn, *sorted(self.boundaries.values())

    def role_name(self, grant: GrantId, demanded: str | None = None) -> str:
        """The name of a grant's role: as its partner demands, or in lower case; 64 at most."""
        return demanded or f"{self.prefix}{grant}"

    def grant_of(self, role: "ObservedRole") -> GrantId | None:
        """The grant of a role that carries this stack's tags, or None."""
        named = GrantId.parse(role.tags.get(GRANT_TAG, ""))
        if named is None or self.of_another_stack(role):
            return None
        return named if role.owned_by(self.stack, str(named)) else None

    def of_another_stack(self, role: "ObservedRole") -> bool:
        """Whether a role is another Latchkey stack's, also of this name in another region.

        By its boundary: the names of the boundaries of all stacks begin alike, and hold stack and
        region. A role without a boundary, or with one of a foreign name, is nobody's.
        """
        return role.bounded_elsewhere(self.own_boundaries)

    def grant_named(self, role: str) -> GrantId | None:
        """The grant that a role of this name would be of, or None."""
        if not role.startswith(self.prefix):
            return None
        return GrantId.parse(role.removeprefix(self.prefix))

    def role_arn(
        self, grant: GrantId, environment: "AwsEnvironment", name: str | None = None
    ) -> str:
        """The ARN that a grant's role has, or will have; `name` where it is not the usual one."""
        name = self.role_name(grant, name)
        return f"arn:{environment.partition}:iam::{environment.account}:role{self.path}{name}"


class DesiredRole(Frozen):
    """What a grant's role must look like; the documents are policy documents as JSON data.

    `managed_access` are the ARNs of AWS-managed policies that the grant's access is. `others` are
    inline policies of somebody else's that stay, and `attached` managed ones.
    `former_tags` are keys that Latchkey had put on the role and that have to go; tags of others
    stay. `role_id` is the unique ID of the grant's role, where it is on record. `own_boundaries`
    are all permissions boundaries of the stack, of which the role has `boundary_arn`.
    """

    name: str
    path: str
    description: str
    max_session_duration: int
    boundary_arn: str
    tags: Mapping[str, str]
    trust_policy: Document
    permissions_policy: Document
    others: Mapping[str, Document] = MappingProxyType({})
    attached: tuple[str, ...] = ()
    former_tags: tuple[str, ...] = ()
    role_id: str | None = None
    own_boundaries: tuple[str, ...] = ()
    managed_access: tuple[str, ...] = ()

    @property
    def all_attached(self) -> tuple[str, ...]:
        """All managed policies that the role has, its own and those of others that stay."""
        return (*self.managed_access, *self.attached)


class ObservedRole(Frozen):
    """A role as IAM shows it. `permissions_policy` is the inline policy `latchkey-access`.

    `others` has the documents of the other inline policies, `managed` those of the attached
    managed ones: None for one that could not be read.

    `created_at` and `last_used` are `YYYY-MM-DDTHH:MM:SSZ`; IAM reports use in the last 400 days.
    One that is `elsewhere` is under another path, where Latchkey may not look into it.
    """

    name: str
    arn: str
    path: str
    role_id: str
    description: str
    max_session_duration: int
    boundary_arn: str | None
    tags: Mapping[str, str]
    trust_policy: Document
    inline_policies: tuple[str, ...] = ()
    permissions_policy: Document | None = None
    attached_policies: tuple[str, ...] = ()
    instance_profiles: tuple[str, ...] = ()
    others: Mapping[str, Document] = MappingProxyType({})
    managed: Mapping[str, Document | None] = MappingProxyType({})
    created_at: str | None = None
    last_used: str | None = None
    elsewhere: bool = False

    def owned_by(self, stack: str, grant: str) -> bool:
        """Whether the role carries this stack's and this grant's tags."""
        return self.tags.get(STACK_TAG) == stack and self.tags.get(GRANT_TAG) == grant

    def belongs_to(self, stack: str, grant: str, role_id: str | None) -> bool:
        """Whether the role is a grant's: by its tags, or by the unique ID on record.

        IAM gives no unique ID twice (IAM user guide, "IAM identifiers"), and nobody can choose one.
        """
        ours = self.owned_by(stack, grant) or (role_id is not None and self.role_id == role_id)
        return ours and not self.elsewhere

    def bounded_elsewhere(self, own: Collection[str]) -> bool:
        """Whether its boundary is that of another Latchkey stack than the one whose these are."""
        return bounded_by_another(self.boundary_arn, own)

    def gone_principals(self) -> tuple[str, ...]:
        """The unique IDs that stand in the trust policy for principals that were deleted."""
        return gone_principals(self.trust_policy)


def bounded_by_another(found: str | None, own: Collection[str]) -> bool:
    """Whether a boundary is that of another Latchkey stack than the one whose are `own`."""
    return found is not None and found not in own and bool(_BOUNDARY.search(found))


def closed_role(
    observed: ObservedRole, naming: RoleNaming, grant: GrantId, permissions: Document
) -> DesiredRole:
    """A role that stays as it is, but for what its sessions may do and what may bound that.

    Which of the stack's own boundaries it has is left as it is, too.
    """
    own, found = naming.own_boundaries, observed.boundary_arn
    return DesiredRole(
        name=observed.name,
        path=observed.path,
        description=observed.description,
        max_session_duration=observed.max_session_duration,
        boundary_arn=found if found in own else naming.boundary_arn,
        tags={**observed.tags, GRANT_TAG: str(grant), STACK_TAG: naming.stack},
        trust_policy=observed.trust_policy,
        permissions_policy=permissions,
        own_boundaries=own,
    )


def closed_as_found(closed: DesiredRole, observed: ObservedRole) -> DesiredRole:
    """A role that is to be closed, where it was changed since: all else stays as it is now."""
    own = {key: closed.tags[key] for key in (GRANT_TAG, STACK_TAG)}
    return replace(
        closed,
        description=observed.description,
        max_session_duration=observed.max_session_duration,
        trust_policy=observed.trust_policy,
        tags={**observed.tags, **own},
    )


def desired_role(
    config: "PartnerConfig", naming: RoleNaming, trust: Document, permissions: Document
) -> DesiredRole:
    """The role of a config, around its two rendered documents.

    One that is suspended has none of the AWS-managed policies of its access.

    Description and tag values are cut to what IAM takes (API reference: Latin-1, 1,000 characters;
    tag values of letters, digits, spaces and `_.:/=+-@`, not beginning with `aws:`).
    """
    grant = GrantId(config.partner, config.grant)
    description = f"{config.purpose} (owner: {config.owner})"
    return DesiredRole(
        name=naming.role_name(grant, config.role_name),
        path=naming.path,
        description=_NOT_LATIN_1.sub("?", description)[:1000],
        max_session_duration=config.max_session_duration,
        boundary_arn=naming.boundary_of(kinds_of(entry.service for entry in config.access)[0]),
        tags={
            **config.tags,
            GRANT_TAG: str(grant),
            STACK_TAG: naming.stack,
            OWNER_TAG: _NOT_IN_TAGS.sub("_", config.owner),
        },
        trust_policy=trust,
        permissions_policy=permissions,
        own_boundaries=naming.own_boundaries,
        managed_access=() if denies_all(permissions) else _managed_access(config, naming),
    )


def _managed_access(config: "PartnerConfig", naming: RoleNaming) -> tuple[str, ...]:
    partition = naming.boundary_arn.split(":")[1]
    return tuple(f"arn:{partition}:iam::aws:policy/{name}" for name in policies_of(config.access))
