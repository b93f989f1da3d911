"""What IAM refuses of roles: boundaries that are not there, sessions, tags."""

from moto.iam.models import iam_backends

from sandbox.account import ACCOUNT, PARTITION
from sandbox.iam import roles
from sandbox.iam.request import Refusal, Request
from sandbox.refusals import tags as rules

_SESSION = range(3600, 43_201)


def boundary(request: Request) -> None:
    """A permissions boundary is a managed policy that exists.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html,
    "NoSuchEntity".
    """
    arn = request.parameters.get("PermissionsBoundary")
    if not arn:
        return
    account = arn.split(":")[4] if arn.count(":") > 4 else ""
    backend = iam_backends[account if account.isdigit() else ACCOUNT][PARTITION]
    if arn not in backend.managed_policies:
        text = f"Scope ARN: {arn} does not exist or is not attachable."
        raise Refusal("NoSuchEntity", text, 404)


def longest_session(request: Request) -> None:
    """Sessions of one to twelve hours.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html, "MaxSessionDuration".
    """
    seconds = request.parameters.get("MaxSessionDuration")
    if seconds is None or int(seconds) in _SESSION:
        return
    least = int(seconds) < _SESSION.start
    rule = (
        f"greater than or equal to {_SESSION.start}"
        if least
        else f"less than or equal to {_SESSION.stop - 1}"
    )
    text = (
        f"1 validation error detected: Value '{seconds}' at 'maxSessionDuration' failed to satisfy "
        f"constraint: Member must have value {rule}"
    )
    raise Refusal("ValidationError", text)


def tags(request: Request) -> None:
    """At most 50 tags on a role, those that it has included.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, "Tags that can be
    attached to an IAM role".
    """
    asked = request.parameters.get("Tags") or []
    rules.check(asked)
    role = roles.role_named(
        str(request.parameters.get("RoleName", "")), roles.account_of(request.access_key)
    )
    held = {tag["Key"].lower() for tag in (role.tags or [] if role else [])}
    if len(held | {tag["Key"].lower() for tag in asked}) > rules.MOST:
        raise Refusal("LimitExceeded", f"Cannot exceed quota for TagsPerRole: {rules.MOST}", 409)
