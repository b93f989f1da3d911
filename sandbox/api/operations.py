"""Which API operation an HTTP request calls, with its parameters, as moto itself reads it."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request as HttpRequest
from moto.core.request import determine_request_protocol
from moto.core.routing import get_service_router
from werkzeug.exceptions import NotFound

from sandbox.account import REGION
from sandbox.iam.request import Request

# Services whose name in signatures is not the name of their model, or that have several.
_MODELS = {
    "apigateway": ("apigateway", "apigatewayv2"),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "email": ("ses",),
    "monitoring": ("cloudwatch",),
    "sagemaker": ("sagemaker", "sagemaker-runtime"),
    "servicequotas": ("service-quotas",),
    "ses": ("ses", "sesv2"),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/[^/]*/([^/]*)/([^/,\s]+)/")


def read(environ: dict[str, Any], body: bytes) -> Request:
    """The operation that a WSGI request calls; `Unknown` when the service has no such one."""
    http = HttpRequest({**environ, "wsgi.input": BytesIO(body)}, populate_request=False)
    access_key, region, service = _signer(environ)
    if not access_key and b"Action=AssumeRoleWithWebIdentity" in body:
        service = "sts"  # the token says who calls; nobody signs
    address = http.remote_addr or ""
    found = _operation(http, service)
    if found is None:
        protocol = "rest-xml" if service == "s3" else "json"
        return Request(access_key, service, "Unknown", {}, protocol, address, region=region)
    operation, in_path = found
    protocol = determine_request_protocol(operation.service_model, http.content_type)
    parameters = _parameters(http, body, protocol, operation, in_path)
    name = operation.name
    return Request(access_key, service, name, parameters, protocol, address, region=region)


def _operation(http: HttpRequest, service: str) -> tuple[Any, dict[str, Any]] | None:
    """The operation and what of the path are its parameters, by the first model that knows it."""
    for model in _MODELS.get(service, (service,)):
        try:
            found: tuple[Any, dict[str, Any]] = get_service_router(model).match(http)
        except (NotFound, NotImplementedError, UnknownServiceError):
            continue
        return found
    return None


def _parameters(
    http: HttpRequest, body: bytes, protocol: str, operation: Any, in_path: dict[str, Any]
) -> dict[str, Any]:
    """The members of the operation's input; none when moto will refuse the request anyway."""
    parser = PROTOCOL_PARSERS[protocol](operation)
    try:
        found: dict[str, Any] | None = parser.parse(
            {
                "method": http.method,
                "values": http.values,
                "headers": http.headers,
                "body": body,
                "url_path": http.path,
                "url_params": in_path,
            }
        )
    except Exception:  # noqa: BLE001 (whatever the parser cannot read, moto answers with an error)
        return {}
    return found or {}


def _signer(environ: dict[str, Any]) -> tuple[str, str, str]:
    """Access key, region, service: of the header or a presigned URL; unsigned counts as S3."""
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    presigned = query.get("X-Amz-Credential", [""])[0]
    header = environ.get("HTTP_AUTHORIZATION") or f"Credential={presigned}"
    found = _CREDENTIAL.search(header)
    older = query.get("AWSAccessKeyId", [""])[0]  # a presigned URL of signature version 2
    return (found[1], found[2], found[3]) if found else (older, REGION, "s3")
