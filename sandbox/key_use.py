"""What services do with customers' keys on behalf of callers, who have to be allowed it.

S3 and Secrets Manager know more of a request, and so are in `permissions`.
"""

from collections.abc import Iterator

from sandbox import moto_state
from sandbox.moto_state import ACCOUNT, REGION
from sandbox.need import Need
from sandbox.operations import Request

_ENCRYPTS, _DECRYPTS = ("Decrypt", "GenerateDataKey"), ("Decrypt",)
_ITEMS = ("Item", "Query", "Scan")  # what the operations on items end in
_USES = {
    "sqs:SendMessage": _ENCRYPTS,
    "sqs:ReceiveMessage": _DECRYPTS,
    "sns:Publish": _ENCRYPTS,
    "kinesis:PutRecord": ("GenerateDataKey",),
    "kinesis:PutRecords": ("GenerateDataKey",),
    "kinesis:GetRecords": _DECRYPTS,
}
_BOUND = {"sqs": "aws:sqs:arn", "sns": "aws:sns:topicArn", "kinesis": "aws:kinesis:arn"}


def key_needs(request: Request, wanted: list[Need]) -> Iterator[Need]:
    """What a call that needs `wanted` needs of the keys of queues, topics, tables, and so on."""
    key: str | None
    for need in wanted:
        service = need.action.partition(":")[0]
        if service == "ssm" and request.parameters.get("WithDecryption"):
            for arn, key in moto_state.parameter_keys(need.resource).items():
                yield from through("ssm", _DECRYPTS, key, {"PARAMETER_ARN": arn})
        elif service == "dynamodb" and need.action.endswith(_ITEMS):
            table = need.resource.partition("/")[2].partition("/")[0]  # without its index
            bound = {"aws:dynamodb:subscriberId": ACCOUNT, "aws:dynamodb:tableName": table}
            key = moto_state.resource_key(need.resource)
            yield from through("dynamodb", _DECRYPTS, key, bound)
        elif need.action in _USES:
            key = moto_state.resource_key(need.resource)
            bound = {_BOUND[service]: need.resource}
            yield from through(service, _USES[need.action], key, bound)


def through(
    service: str, actions: tuple[str, ...], key: str | None, bound: dict[str, str]
) -> list[Need]:
    """The use of a customer's key through a service; `bound` is the encryption context."""
    arn = moto_state.customer_key(key)
    if not arn:
        return []
    context = {f"kms:EncryptionContext:{name}": value for name, value in bound.items()}
    context["kms:ViaService"] = f"{service}.{REGION}.amazonaws.com"
    return [Need(f"kms:{action}", arn, context) for action in actions]
