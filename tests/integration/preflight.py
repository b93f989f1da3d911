"""What tests of lookups share: resources of every service, and how configs name them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey.runtime import clients
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import House

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
}


def entry_for(service: str, name: str | None = None) -> dict[str, Any]:
    field, allow, written, _ = FORMS[service]
    return {"service": service, field: name or written, "allow": allow}


def make_key(**policy: Any) -> str:
    return str(aws("kms").create_key(**policy)["KeyMetadata"]["Arn"])


def resources_of(house: House) -> list[str]:
    return [arn for statement in house.permissions()["Statement"] for arn in statement["Resource"]]


def key_statements(house: House) -> list[dict[str, Any]]:
    statements = house.permissions()["Statement"]
    return [statement for statement in statements if statement["Sid"].endswith("Key")]


def deny(patch: pytest.MonkeyPatch, service: str, operations: set[str]) -> None:
    """Have AWS refuse these operations to Latchkey."""
    client = clients.client(service)
    answer: Any = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
    call = client._make_api_call

    def made(operation: str, parameters: Any) -> Any:
        if operation in operations:
            raise ClientError(answer, operation)
        return call(operation, parameters)

    patch.setattr(client, "_make_api_call", made)


def rejected(house: House, *access: dict[str, Any]) -> dict[str, str]:
    house.upload(access=list(access))
    run = house.run(FILE)
    assert run.outcome == "rejected", run.result
    assert house.role() is None
    assert len(set(run.paths)) == len(run.paths)
    return {problem["path"]: problem["message"] for problem in run.result["problems"]}
