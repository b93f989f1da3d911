"""The permissions that IAM requires for an API call: actions, resources and condition keys."""

from collections.abc import Callable, Iterator

from moto.athena.models import athena_backends
from moto.kinesis.utils import decompose_shard_iterator
from moto.sqs.models import sqs_backends

from sandbox.iam import keys, roles
from sandbox.iam.dynamodb_permissions import dynamodb_permissions
from sandbox.iam.key_use import key_permissions, through
from sandbox.iam.named_permissions import NAMED, named_permissions
from sandbox.iam.owners import acting, acting_in
from sandbox.iam.permission import RequiredPermission as Permission
from sandbox.iam.request import Request
from sandbox.iam.s3_permissions import s3_permissions


def required_permissions(request: Request) -> list[Permission]:
    """Everything that has to be allowed for a call to succeed."""
    try:
        with acting_in(roles.account_of(request.access_key)):
            wanted = _BY_SERVICE.get(request.service, _other)(request)
            return [*wanted, *key_permissions(request, wanted)]
    except (AttributeError, KeyError, TypeError):  # parameters are missing; moto refuses the call
        return [Permission(f"{request.service}:{request.operation}", "*")]


def _secretsmanager(request: Request) -> list[Permission]:
    arn, key = keys.secret(str(request.parameters.get("SecretId", "*")), request.region)
    arn = arn if arn.startswith("arn:") else _arn(request, f"secret:{arn}")
    wanted = [Permission(f"secretsmanager:{request.operation}", arn)]
    if request.operation == "GetSecretValue":
        wanted += through("secretsmanager", ("Decrypt",), key, {"SecretARN": arn}, request.region)
    return wanted


def _iam(request: Request) -> list[Permission]:
    given = request.parameters
    action = f"iam:{request.operation}"
    account = roles.account_of(request.access_key)
    if profile := given.get("InstanceProfileName"):
        arn = roles.instance_profile(profile, given.get("Path", "/"), account)
        return [Permission(action, arn)]
    if "RoleName" not in given:
        named = given.get("PolicyArn") or given.get("OpenIDConnectProviderArn") or "*"
        return [Permission(action, named)]
    creates = request.operation == "CreateRole"  # asks for the role to be, whoever has the name
    role = None if creates else roles.role_named(given["RoleName"], account)
    arn = f"arn:aws:iam::{account}:role{given.get('Path', '/')}{given['RoleName']}"
    asked = given.get("Tags") or []
    context = {f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in asked}
    if role:
        arn = role.arn
        held = role.tags or []
        context |= {f"aws:ResourceTag/{tag['Key']}": tag["Value"] for tag in held}
    boundary = given.get("PermissionsBoundary") or (role and role.permissions_boundary_arn)
    if boundary:
        context["iam:PermissionsBoundary"] = boundary
    if policy := given.get("PolicyArn"):
        context["iam:PolicyARN"] = policy
    tagging = (
        [Permission("iam:TagRole", arn, context)] if action == "iam:CreateRole" and asked else []
    )
    return [Permission(action, arn, context), *tagging]


def _scheduler(request: Request) -> list[Permission]:
    given = request.parameters
    name = f"schedule/{given.get('GroupName', 'default')}/{given.get('Name', '*')}"
    wanted = [Permission(f"scheduler:{request.operation}", _arn(request, name))]
    if passed := given.get("Target", {}).get("RoleArn"):
        to = {"iam:PassedToService": "scheduler.amazonaws.com"}
        wanted.append(Permission("iam:PassRole", passed, to))
    return wanted


def _sqs(request: Request) -> list[Permission]:
    queue = str(request.parameters.get("QueueUrl") or request.parameters.get("QueueName") or "*")
    action = request.operation.removesuffix("Batch")  # authorised as the single operations
    if action == "StartMessageMoveTask":
        return [*_moved(request)]
    return [Permission(f"sqs:{action}", _arn(request, queue.rsplit("/", 1)[-1]))]


def _moved(request: Request) -> Iterator[Permission]:
    """A move task receives, deletes and sends as whoever starts it.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
    """
    dead = str(request.parameters["SourceArn"])
    for action in ("StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
        yield Permission(f"sqs:{action}", dead)
    backend = sqs_backends[acting()][request.region]
    sources = backend.list_dead_letter_source_queues(dead.rsplit(":", 1)[-1])
    asked = request.parameters.get("DestinationArn")
    for to in [asked] if asked else [queue.queue_arn for queue in sources]:
        yield Permission("sqs:SendMessage", to)


def _ssm(request: Request) -> list[Permission]:
    given = request.parameters
    names = given.get("Names") or [given.get("Name") or given.get("Path") or "*"]
    arns = [_arn(request, f"parameter/{name.strip('/')}") for name in names]
    return [Permission(f"ssm:{request.operation}", arn) for arn in arns]


def _lambda(request: Request) -> list[Permission]:
    name = str(request.parameters.get("FunctionName", "*"))
    action = "InvokeFunction" if request.operation == "Invoke" else request.operation
    arn = name if name.startswith("arn:") else _arn(request, f"function:{name}")
    if qualifier := request.parameters.get("Qualifier"):  # a resource of its own (Lambda guide)
        arn = f"{arn.removesuffix(f':{qualifier}')}:{qualifier}"
    return [Permission(f"lambda:{action}", arn)]


def _kms(request: Request) -> list[Permission]:
    given = request.parameters
    if request.operation != "ReEncrypt":
        return [Permission(f"kms:{request.operation}", _key(request, given.get("KeyId", "*")))]
    return [
        Permission("kms:ReEncryptFrom", _key(request, given.get("SourceKeyId", "*"))),
        Permission("kms:ReEncryptTo", _key(request, given["DestinationKeyId"])),
    ]


def _key(request: Request, name: str) -> str:
    key = keys.key_arn(str(name), request.region)
    return key if key.startswith("arn:") else _arn(request, f"key/{key}")


def _athena(request: Request) -> list[Permission]:
    """Queries are authorised by their workgroup, also where only the query is named."""
    given = request.parameters
    group = given.get("WorkGroup") or _workgroup(request) or "primary"
    return [Permission(f"athena:{request.operation}", _arn(request, f"workgroup/{group}"))]


def _apigateway(request: Request) -> list[Permission]:
    """Calls are authorised by their method and path; here for the lists that are looked through."""
    path = {"GetApis": "/apis", "GetRestApis": "/restapis"}.get(request.operation, "/*")
    return [Permission("apigateway:GET", f"arn:aws:apigateway:{request.region}::{path}")]


def _workgroup(request: Request) -> str | None:
    """The name of the workgroup that a query runs in."""
    execution = request.parameters.get("QueryExecutionId", "")
    found = athena_backends[acting()][request.region].executions.get(execution)
    return found.workgroup.name if found and found.workgroup else None


def _metrics(request: Request) -> list[Permission]:
    puts = request.operation == "PutMetricData"
    context = {"cloudwatch:namespace": str(request.parameters["Namespace"])} if puts else {}
    return [Permission(f"cloudwatch:{request.operation}", "*", context)]


def _budgets(_: Request) -> list[Permission]:
    """Reading budgets is one permission (Service Authorization Reference for AWS Budgets)."""
    return [Permission("budgets:ViewBudget", f"arn:aws:budgets::{acting()}:budget/*")]


def _other(request: Request) -> list[Permission]:
    """Services whose parameters contain the ARN, or that have no resource-level permissions."""
    given = request.parameters
    named = ("stateMachineArn", "executionArn", "TopicArn", "ConsumerARN", "StreamARN", "RoleArn")
    arn = next((given[name] for name in named if given.get(name)), "*")
    if stream := given.get("StreamName") or _stream(given.get("ShardIterator")):
        arn = _arn(request, f"stream/{stream}")
    if request.operation == "PutEvents":
        return [
            Permission(
                "events:PutEvents",
                _bus(request, entry.get("EventBusName", "default")),
                {"events:source": entry["Source"], "events:detail-type": entry["DetailType"]},
            )
            for entry in given["Entries"]
        ]
    if request.operation == "DescribeEventBus":
        arn = _bus(request, given.get("Name", "default"))
    return [Permission(f"{request.service}:{request.operation.removesuffix('Batch')}", arn)]


def _stream(shard_iterator: str | None) -> str | None:
    """The name of the Kinesis stream that a shard iterator belongs to."""
    return decompose_shard_iterator(shard_iterator)[0] if shard_iterator else None


def _bus(request: Request, name: str) -> str:
    return name if name.startswith("arn:") else _arn(request, f"event-bus/{name}")


def _arn(request: Request, resource: str) -> str:
    """The ARN of a resource of the service and in the region that a request goes to."""
    account = roles.account_of(request.access_key)
    return f"arn:aws:{request.service}:{request.region}:{account}:{resource}"


_BY_SERVICE: dict[str, Callable[[Request], list[Permission]]] = {
    "apigateway": _apigateway,
    "athena": _athena,
    "budgets": _budgets,
    "s3": s3_permissions,
    "secretsmanager": _secretsmanager,
    "iam": _iam,
    "dynamodb": dynamodb_permissions,
    "scheduler": _scheduler,
    "sqs": _sqs,
    "ssm": _ssm,
    "lambda": _lambda,
    "kms": _kms,
    "monitoring": _metrics,
    **dict.fromkeys(NAMED, named_permissions),
}
