"""Amazon Elastic Container Registry: the images of one repository."""

from collections.abc import Mapping
from typing import Any

from latchkey.iam.permit import Permit
from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import Conditions, Service

SIGN_IN = ("ecr:GetAuthorizationToken",)
"""The token by which a container client signs in; it may do what its session may."""

_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_PUSH = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)


class _Ecr(Service):
    @override
    def reached(self, action: str, arn: str, conditions: Conditions) -> tuple[str, ...]:
        """Signing in reaches nothing by itself."""
        return () if action in SIGN_IN else (arn,)

    @override
    def describe_permit(self, permit: Permit) -> tuple[str, Permit] | None:
        """Signing in is to the registry, and no resource."""
        return ("the registry", permit) if permit.action in SIGN_IN else None

    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        given = {
            "repositoryName": arn.partition(f":{self.arn.before}")[2],
            "imageIds": [{"imageTag": "latest"}],
        }
        return Call("ecr", "batch-get-image", given, "images[].imageId")


SPEC = _Ecr(
    name="ecr",
    title="ECR",
    field="repository",
    resource_type="AWS::ECR::Repository",
    arn=ArnForm(
        r"[a-z0-9][a-z0-9._/-]{0,254}[a-z0-9]",
        "2 to 256 of a-z, 0-9, '.', '_', '-' and '/'",
        before="repository/",
        slashes=True,
    ),
    actions={"pull": (*_PULL, *SIGN_IN), "push": (*_PUSH, *SIGN_IN)},
    labels={
        "pull": "GetDownloadUrlForLayer",
        "push": "CompleteLayerUpload InitiateLayerUpload PutImage UploadLayerPart",
        "look at images": "BatchCheckLayerAvailability BatchGetImage",
        "list images": "DescribeImages ListImages",
        "sign in": "GetAuthorizationToken",
    },
    secondary=frozenset({"look at images", "sign in"}),
    own=("repository/latchkey-*", "repository/latchkey/*"),
    boundary=(
        "BatchCheckLayerAvailability",
        "BatchGetImage",
        "CompleteLayerUpload",
        "DescribeImages",
        "GetAuthorizationToken",
        "GetDownloadUrlForLayer",
        "InitiateLayerUpload",
        "ListImages",
        "PutImage",
        "UploadLayerPart",
    ),
    also=frozenset({"ecr:BatchCheckLayerAvailability", *SIGN_IN}),
    changed_by=(
        "ecr:CreateRepository",
        "ecr:DeleteRepository",
    ),
    lookup=("ecr:DescribeRepositories",),
    key_use=False,  # ECR uses the key of a repository by grants of its own
    example={"repository": "northwind/agent", "allow": "pull"},
)
