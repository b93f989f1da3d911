"""Every refusal, by the operation that it is about."""

from collections.abc import Callable, Iterable, Mapping

from sandbox.iam.permission import RequiredPermission
from sandbox.iam.request import Request
from sandbox.refusals import iam_policies, iam_roles, resource_policies, s3, sns, sts

CHECKS: Mapping[tuple[str, str], tuple[Callable[[Request], None], ...]] = {
    ("iam", "CreateRole"): (
        iam_roles.tags,
        iam_roles.longest_session,
        iam_roles.boundary,
        iam_policies.trust_principals,
        iam_policies.federated_principals,
        iam_policies.trust_size,
    ),
    ("iam", "UpdateRole"): (iam_roles.longest_session,),
    ("iam", "UpdateAssumeRolePolicy"): (
        iam_policies.trust_principals,
        iam_policies.federated_principals,
        iam_policies.trust_size,
    ),
    ("iam", "PutRolePermissionsBoundary"): (iam_roles.boundary,),
    ("iam", "PutRolePolicy"): (iam_policies.inline_size,),
    ("iam", "CreatePolicy"): (iam_policies.managed_size,),
    ("iam", "CreatePolicyVersion"): (iam_policies.managed_size,),
    ("iam", "TagRole"): (iam_roles.tags,),
    ("s3", "PutBucketNotificationConfiguration"): (s3.notification_destinations,),
    ("sns", "Publish"): (sns.subject,),
    ("sts", "AssumeRole"): (sts.session_tags,),
}


def check(request: Request, permissions: Iterable[RequiredPermission] = ()) -> None:
    """Refuse a call that AWS would refuse, although its caller may make it.

    Raises
    ------
    Refusal
        With AWS's error.
    """
    resource_policies.denied_by_resource(request, permissions)
    for one in CHECKS.get((request.service, request.operation), ()):
        one(request)
