"""What tests of lookups share: resources of every service, and how configs name them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey.runtime import clients
from tests.kit.examples import ACCOUNT
from tests.kit.resources import api_id
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

HERE = f"us-east-1:{ACCOUNT}"


NAME = "northwind-data"


# By service: the field, what to allow, how a name is written, and its ARN.
FORMS = {
    "s3": ("bucket", "read", NAME, f"arn:aws:s3:::{NAME}"),
    "secretsmanager": ("secret", "read", NAME, f"arn:aws:secretsmanager:{HERE}:secret:{NAME}-"),
    "sqs": ("queue", "send", NAME, f"arn:aws:sqs:{HERE}:{NAME}"),
    "sns": ("topic", "publish", NAME, f"arn:aws:sns:{HERE}:{NAME}"),
    "dynamodb": ("table", "read", NAME, f"arn:aws:dynamodb:{HERE}:table/{NAME}"),
    "lambda": ("function", "invoke", NAME, f"arn:aws:lambda:{HERE}:function:{NAME}"),
    "ssm": ("parameter", "read", f"/{NAME}/", f"arn:aws:ssm:{HERE}:parameter/{NAME}/"),
    "events": ("event_bus", "put", NAME, f"arn:aws:events:{HERE}:event-bus/{NAME}"),
    "kinesis": ("stream", "read", NAME, f"arn:aws:kinesis:{HERE}:stream/{NAME}"),
    "athena": ("workgroup", "query", NAME, f"arn:aws:athena:{HERE}:workgroup/{NAME}"),
    "states": ("state_machine", "start", NAME, f"arn:aws:states:{HERE}:stateMachine:{NAME}"),
    "execute-api": (
        "api",
        "invoke",
        api_id(NAME),
        f"arn:aws:execute-api:{HERE}:{api_id(NAME)}",
    ),
    "logs": ("log_group", "read", NAME, f"arn:aws:logs:{HERE}:log-group:{NAME}"),
    "firehose": ("stream", "put", NAME, f"arn:aws:firehose:{HERE}:deliverystream/{NAME}"),
    "sagemaker": ("endpoint", "invoke", NAME, f"arn:aws:sagemaker:{HERE}:endpoint/{NAME}"),
    "glue": ("database", "read", NAME, f"arn:aws:glue:{HERE}:database/{NAME}"),
    "ecr": ("repository", "pull", NAME, f"arn:aws:ecr:{HERE}:repository/{NAME}"),
    "ses": (
        "identity",
        "send",
        f"{NAME}.example",
        f"arn:aws:ses:{HERE}:identity/{NAME}.example",
    ),
}


def entry_for(service: str, name: str | None = None) -> dict[str, Any]:
    field, allow, written, _ = FORMS[service]
    return {"service": service, field: name or written, "allow": allow}


def make_key(**policy: Any) -> str:
    return str(aws("kms").create_key(**policy)["KeyMetadata"]["Arn"])


def resources_of(stack: StackDriver) -> list[str]:
    return [arn for statement in stack.permissions()["Statement"] for arn in statement["Resource"]]


def key_statements(stack: StackDriver) -> list[dict[str, Any]]:
    statements = stack.permissions()["Statement"]
    return [statement for statement in statements if statement["Sid"].endswith("Key")]


# By service: boto3's name for it, where it is another.
CLIENTS = {"execute-api": "apigateway", "ses": "sesv2", "states": "stepfunctions"}


def deny(
    patch: pytest.MonkeyPatch, service: str, operations: set[str], message: str = "no"
) -> None:
    """Have AWS refuse these operations to Latchkey."""
    client = clients.client(CLIENTS.get(service, service))
    answer: Any = {"Error": {"Code": "AccessDeniedException", "Message": message}}
    call = client._make_api_call

    def made(operation: str, parameters: Any) -> Any:
        if operation in operations:
            raise ClientError(answer, operation)
        return call(operation, parameters)

    patch.setattr(client, "_make_api_call", made)


def rejected(stack: StackDriver, *access: dict[str, Any]) -> dict[str, str]:
    stack.upload(access=list(access))
    run = stack.run(FILE)
    assert run.outcome == "rejected", run.result
    assert stack.role() is None
    assert len(set(run.paths)) == len(run.paths)
    return {problem["path"]: problem["message"] for problem in run.result["problems"]}
