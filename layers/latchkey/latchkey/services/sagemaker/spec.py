"""Amazon SageMaker AI: invoking one endpoint."""

from collections.abc import Mapping
from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import Service, last_part


class _SageMaker(Service):
    @override
    def resource_arn(self, name: str, environment: AwsEnvironment) -> str:
        """Names may have capitals, ARNs have none (SageMaker API reference, CreateEndpoint)."""
        arn = super().resource_arn(name, environment)
        head, _, rest = arn.rpartition("/")
        return f"{head}/{rest.lower()}"

    @override
    def bare(self, name: str) -> str:
        return name.lower()

    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        given = {  # the body is `{}`, in Base64 as the AWS CLI reads it
            "EndpointName": last_part(entry["endpoint"]),
            "ContentType": "application/json",
            "Body": "e30=",
        }
        leaves = "an invocation with an empty JSON object"
        shown = "InvokedProductionVariant"
        where = ("sagemaker-runtime", "invoke-endpoint")
        return Call(*where, given, shown, leaves, outfile=True)


SPEC = _SageMaker(
    name="sagemaker",
    title="SageMaker AI",
    field="endpoint",
    resource_type="AWS::SageMaker::Endpoint",
    arn=ArnForm(
        r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
        "1 to 63 letters, digits and '-'",
        before="endpoint/",
        lower=True,
    ),
    actions={
        "invoke": ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"),
    },
    labels={
        "invoke": "InvokeEndpoint InvokeEndpointWithResponseStream",
        "invoke asynchronously": "InvokeEndpointAsync",
        "list names": "ListEndpoints",
    },
    options=("discover",),
    discovers=("sagemaker:ListEndpoints",),
    own=("endpoint/latchkey-*",),
    boundary=(
        "InvokeEndpoint",
        "InvokeEndpointAsync",
        "InvokeEndpointWithResponseStream",
        "ListEndpoints",
    ),
    also=frozenset({"sagemaker:InvokeEndpointWithResponseStream"}),
    changed_by=(
        "sagemaker:CreateEndpoint",
        "sagemaker:DeleteEndpoint",
    ),
    lookup=("sagemaker:DescribeEndpoint", "sagemaker:ListEndpoints"),
    key_use=False,  # it encrypts the volumes of the endpoint's instances
    example={"endpoint": "churn-score", "allow": "invoke"},
)
