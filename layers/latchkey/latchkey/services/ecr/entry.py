"""ECR: the images of one repository."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import NO_RESOURCE, Allowance
from latchkey.services.ecr.spec import SIGN_IN, SPEC
from latchkey.services.entry import ServiceEntry
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service


class RepositoryAccess(ServiceEntry):
    """Images of one private repository."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["ecr"]
    repository: Annotated[
        StrictStr, ResourceName(SPEC), Field(description="The repository's name or ARN.")
    ]
    allow: Annotated[
        Literal["pull", "push"],
        Field(
            description="`pull`: pull images. `push`: push images, without pulling what others "
            "have pushed."
        ),
    ]

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one repository, and of signing in to the registry.

        GetAuthorizationToken knows no resource. Its token is that of the session: it opens no
        repository that the session may not use. Who pushes reads manifests, but no layers.

        Sources: ECR user guide, "IAM permissions for pushing an image to an Amazon ECR private
        repository", "Amazon ECR private registry authentication" and "Encryption at rest".
        """
        images = tuple(a for a in SPEC.actions[self.allow] if a not in SIGN_IN)
        return (
            Allowance("Images", images, (info.arn,)),
            Allowance("SignIn", SIGN_IN, NO_RESOURCE),
        )


ENTRY = RepositoryAccess
