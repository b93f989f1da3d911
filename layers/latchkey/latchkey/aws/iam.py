"""IAM: roles as they are, and the changes to them."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, assert_never

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.aws.role_answers import observed_role, policy_document, role_details
from latchkey.concurrency import concurrently
from latchkey.errors import PermissionDenied, PlanStale, ServiceUnavailable
from latchkey.grants import change as changes
from latchkey.grants.role import POLICY_NAME, STACK_TAG, ObservedRole
from latchkey.iam.quota import Quota
from latchkey.newer_python import replace

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


class IamGateway:
    """Partner roles in IAM."""

    def __init__(self, client: "IAMClient") -> None:
        self._iam = client

    def observe(self, name: str, *, whole: bool = False) -> ObservedRole | None:
        """The role of that name with all that belongs to it, or None.

        Only as a `whole` with its instance profiles: they let nobody assume a role that does not
        trust EC2, but keep it from being deleted. Four reads, five as a whole; to look into
        policies of somebody else's takes one for each inline and two for each managed one.

        Raises
        ------
        ServiceUnavailable
            While IAM's answers do not agree on its policy: one that was taken off would be kept so.
        """
        profiles = (self._instance_profiles,) if whole else ()
        belongings = self._inline_policies, self._own_policy, self._attached_policies
        role = self._read(name, *belongings, *profiles)
        if role is None or whole:
            return role
        if role.permissions_policy is None and POLICY_NAME in role.inline_policies:
            raise ServiceUnavailable(f"IAM lists {POLICY_NAME} of role {name}, and finds none yet")
        return self._with_foreign(role)

    def reread(self, name: str, *, attached: bool = False) -> ObservedRole | None:
        """The role and its own policy only, or None: two reads, to verify a change.

        With the policies that are `attached`, where some have to be: three.
        """
        more = (self._attached_policies,) if attached else ()
        return self._read(name, self._own_policy, *more)

    def exists(self, name: str) -> bool:
        """Whether there is a role of that name: to verify a removal."""
        with translated(f"read role {name}"):
            try:
                self._iam.get_role(RoleName=name)
            except ClientError as error:
                if error_code(error) == "NoSuchEntity":
                    return False
                raise
        return True

    def roles(
        self, path: str, stack: str | None = None, beside: str | None = None
    ) -> Iterator[ObservedRole]:
        """All roles under a path, and those with a stack's tags anywhere; two calls per page.

        Below the path are others with a longer one, as `ObservedRole.path` says. Of a role outside
        of it, as the one of the name `beside`, description and longest session are unknown.

        GetAccountAuthorizationDetails has neither the description nor the longest session of a
        role, and ListRoles only these of what matters here (IAM API reference).
        """
        listed = self._iam.get_paginator("list_roles").paginate(PathPrefix=path)
        pages = self._iam.get_paginator("get_account_authorization_details")
        with translated("read all roles"):
            more = {
                role["RoleId"]: {
                    "Description": role.get("Description", ""),
                    "MaxSessionDuration": role["MaxSessionDuration"],
                }
                for page in listed
                for role in page["Roles"]
            }
            for page in pages.paginate(Filter=["Role"]):
                for role in page["RoleDetailList"]:
                    under = role["RoleId"] in more and role["Path"].startswith(path)
                    tagged = stack and {"Key": STACK_TAG, "Value": stack} in role["Tags"]
                    if under or tagged or role["RoleName"] == beside:
                        yield observed_role(
                            {**role, **more.get(role["RoleId"], {})}, role_details(role)
                        )

    def role_quota(self) -> Quota:
        """How many roles the account has, of how many it may have."""
        with translated("read the account's summary"):
            found = self._iam.get_account_summary()["SummaryMap"]
        return Quota(found["Roles"], found["RolesQuota"])

    def trust_policy_quota(self) -> int:
        """How many characters the account allows a trust policy, without white space."""
        with translated("read the account's summary"):
            return self._iam.get_account_summary()["SummaryMap"]["AssumeRolePolicySizeQuota"]

    def apply(self, change: changes.RoleChange) -> dict[str, Any]:
        """Carry out one change; answers `role_arn` and `role_id` for a role just created.

        Raises
        ------
        PlanStale
            When the role is not as the plan took it to be: gone, there already, or in use.
        """
        try:
            with translated(f"{type(change).__name__} {change.role}"):
                return self._apply(change)
        except PermissionDenied:
            # For a role that is not there IAM knows neither path nor tags, and so refuses the call.
            if isinstance(change, changes.CreateRole) or self.exists(change.role):
                raise
            raise PlanStale(f"{change.role} is not there") from None

    def _apply(self, change: changes.RoleChange) -> dict[str, Any]:
        iam, role = self._iam, {"RoleName": change.role}
        match change:
            case changes.CreateRole():
                return self._create(change)
            case changes.PutRolePolicy(policy=policy, document=document):
                iam.put_role_policy(**role, PolicyName=policy, PolicyDocument=_text(document))
            case changes.UpdateAssumeRolePolicy(document=document):
                iam.update_assume_role_policy(**role, PolicyDocument=_text(document))
            case changes.UpdateRole(description=text, max_session_duration=seconds):
                iam.update_role(**role, Description=text, MaxSessionDuration=seconds)
            case changes.PutRolePermissionsBoundary(boundary_arn=arn):
                iam.put_role_permissions_boundary(**role, PermissionsBoundary=arn)
            case changes.TagRole(tags=tags):
                iam.tag_role(**role, Tags=[{"Key": k, "Value": v} for k, v in tags.items()])
            case changes.UntagRole(keys=keys):
                iam.untag_role(**role, TagKeys=list(keys))
            case changes.DeleteRolePolicy(policy=policy):
                iam.delete_role_policy(**role, PolicyName=policy)
            case changes.DetachRolePolicy(policy_arn=arn):
                iam.detach_role_policy(**role, PolicyArn=arn)
            case changes.AttachRolePolicy(policy_arn=arn):
                iam.attach_role_policy(**role, PolicyArn=arn)
            case changes.RemoveRoleFromInstanceProfile(instance_profile=profile):
                iam.remove_role_from_instance_profile(**role, InstanceProfileName=profile)
            case changes.DeleteRole():
                iam.delete_role(**role)
            case _:
                assert_never(change)
        return {}

    def _create(self, change: changes.CreateRole) -> dict[str, Any]:
        role = self._iam.create_role(
            RoleName=change.role,
            Path=change.path,
            Description=change.description,
            MaxSessionDuration=change.max_session_duration,
            PermissionsBoundary=change.boundary_arn,
            AssumeRolePolicyDocument=_text(change.trust_policy),
            Tags=[{"Key": key, "Value": value} for key, value in change.tags.items()],
        )["Role"]
        return {"role_arn": role["Arn"], "role_id": role["RoleId"]}

    def _read(self, name: str, *belongings: Callable[[str], dict[str, Any]]) -> ObservedRole | None:
        with translated(f"read role {name}"):
            reads = (partial(belonging, name) for belonging in belongings)
            try:
                role, *found = concurrently(partial(self._get_role, name), *reads)
            except ClientError as error:
                if error_code(error) == "NoSuchEntity":
                    return None
                if error_code(error) != "AccessDenied":
                    raise
                return self._elsewhere(name, error)
        return observed_role(role, {key: value for more in found for key, value in more.items()})

    def _elsewhere(self, name: str, denied: ClientError) -> ObservedRole | None:
        """A role of that name under a path that is not ours: it may be seen, not looked into.

        What carries our tag is not somebody else's: then it is the denial that counts.
        """
        try:
            role = self._get_role(name)
        except ClientError as error:
            if error_code(error) == "NoSuchEntity":
                return None
            raise denied from error
        found = observed_role(role, {"elsewhere": True})
        if STACK_TAG in found.tags:
            raise denied
        return found

    def _get_role(self, name: str) -> Any:
        return self._iam.get_role(RoleName=name)["Role"]

    def _own_policy(self, name: str) -> dict[str, Any]:
        return {"permissions_policy": self._policy(name, POLICY_NAME)}

    def _inline_policies(self, name: str) -> dict[str, Any]:
        pages = self._iam.get_paginator("list_role_policies").paginate(RoleName=name)
        return {"inline_policies": tuple(item for page in pages for item in page["PolicyNames"])}

    def _policy(self, name: str, policy: str) -> dict[str, Any] | None:
        try:
            found = self._iam.get_role_policy(RoleName=name, PolicyName=policy)
        except ClientError as error:  # the role may have none, and be there
            if error_code(error) == "NoSuchEntity":
                return None
            raise
        return policy_document(found["PolicyDocument"])

    def _attached_policies(self, name: str) -> dict[str, Any]:
        pages = self._iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
        attached = (item["PolicyArn"] for page in pages for item in page["AttachedPolicies"])
        return {"attached_policies": tuple(attached)}

    def _with_foreign(self, role: ObservedRole) -> ObservedRole:
        """The role with the documents of policies that are not Latchkey's own."""
        others = [name for name in role.inline_policies if name != POLICY_NAME]
        with translated(f"read the policies of role {role.name}"):
            inline = {name: self._policy(role.name, name) for name in others}
            managed = {arn: self._managed(arn) for arn in role.attached_policies}
        return replace(role, others={n: one for n, one in inline.items() if one}, managed=managed)

    def _managed(self, arn: str) -> dict[str, Any] | None:
        """The document of a managed policy as it is in force; None where it cannot be read."""
        try:
            version = self._iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            found = self._iam.get_policy_version(PolicyArn=arn, VersionId=version)
        except ClientError as error:
            if error_code(error) in ("AccessDenied", "NoSuchEntity"):
                return None
            raise
        return policy_document(found["PolicyVersion"]["Document"])

    def _instance_profiles(self, name: str) -> dict[str, Any]:
        pages = self._iam.get_paginator("list_instance_profiles_for_role").paginate(RoleName=name)
        profiles = (item for page in pages for item in page["InstanceProfiles"])
        return {"instance_profiles": tuple(item["InstanceProfileName"] for item in profiles)}


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=True)
