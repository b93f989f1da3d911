"""The permissions that IAM requires for calls of services that name their resource in one field."""

from collections.abc import Callable

from moto.sesv2.models import sesv2_backends

from sandbox.iam.owners import acting
from sandbox.iam.permission import RequiredPermission as Permission
from sandbox.iam.request import Request


def named_permissions(request: Request) -> list[Permission]:
    """One permission for each resource that a call names; `*` where it names none."""
    named = NAMED[request.service](request)
    here = f"arn:aws:{request.service}:{request.region}:{acting()}"
    arns = [f"{here}:{one}" for one in named] or ["*"]
    return [Permission(f"{request.service}:{request.operation}", arn) for arn in arns]


def _log_group(request: Request) -> list[str]:
    """Calls on a log group are authorised as for a stream without a name, as IAM's denials say."""
    given = request.parameters
    group = given.get("logGroupName")
    return [f"log-group:{group}:log-stream:{given.get('logStreamName', '')}"] if group else []


def _firehose(request: Request) -> list[str]:
    name = request.parameters.get("DeliveryStreamName")
    return [f"deliverystream/{name}"] if name else []


def _metadata(request: Request) -> list[str]:
    """The table or database that a call is about, and all that stands above it."""
    given = request.parameters
    if request.operation == "GetDatabases":
        return ["catalog", "database/*"]
    if request.operation == "GetDataCatalogEncryptionSettings":
        return ["catalog"]
    database = given.get("DatabaseName") or given.get("Name")
    table = given.get("TableName") or given.get("TableInput", {}).get("Name")
    if "DatabaseName" in given:
        table = table or given.get("Name")
    tables = [f"table/{database}/{table}"] if table else []
    return ["catalog", f"database/{database}", *tables]


def _endpoint(request: Request) -> list[str]:
    name = request.parameters.get("EndpointName")
    return [f"endpoint/{name.lower()}"] if name else []


def _repositories(request: Request) -> list[str]:
    given = request.parameters
    every = ["*"] if request.operation == "DescribeRepositories" else []
    one = [given["repositoryName"]] if "repositoryName" in given else []
    return [f"repository/{name}" for name in (one or given.get("repositoryNames") or every)]


def _identities(request: Request) -> list[str]:
    """The identity of the sender, its address or its domain, and the configuration set."""
    given = request.parameters
    if request.operation != "SendEmail":
        return [f"identity/{given['EmailIdentity']}"] if "EmailIdentity" in given else []
    known = sesv2_backends[acting()][request.region].core_backend.email_identities
    sender = given.get("FromEmailAddress") or given["Source"]
    name = sender if sender in known else sender.rpartition("@")[2]
    default = getattr(known.get(name), "configuration_set_name", None)
    used = given.get("ConfigurationSetName") or default
    return [f"identity/{name}", *([f"configuration-set/{used}"] if used else [])]


def _stack(request: Request) -> list[str]:
    """A stack by its name or ARN (Service Authorization Reference, CloudFormation)."""
    name = str(request.parameters.get("StackName") or "")
    return [name.split(":", 5)[5] if name.startswith("arn:") else f"stack/{name}/*"] if name else []


NAMED: dict[str, Callable[[Request], list[str]]] = {
    "cloudformation": _stack,
    "ecr": _repositories,
    "firehose": _firehose,
    "glue": _metadata,
    "logs": _log_group,
    "sagemaker": _endpoint,
    "ses": _identities,
}
