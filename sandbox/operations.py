"""Which API operation an HTTP request is, with its parameters; by botocore's service models."""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import unescape

import botocore.session

_MODEL = {"states": "stepfunctions", "monitoring": "cloudwatch", "email": "ses"}
_KEY = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/[^/]*/[^/]*/([^/,\s]+)/")


@dataclass(frozen=True)
class Request:
    """What was called and by whom; `service` is named as in IAM actions and signatures."""

    access_key: str
    service: str
    operation: str
    parameters: dict[str, Any]
    protocol: str  # "json", "query", "rest-json" or "rest-xml": how errors are written
    source_ip: str


def read(environ: dict[str, Any], body: bytes) -> Request:
    """The operation that a WSGI request calls."""
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    access_key, service = _signer(environ, query)
    protocol, operation, parameters = _operation(environ, query, service, body)
    ip = environ.get("REMOTE_ADDR", "")
    return Request(access_key, service, operation, parameters, protocol, ip)


def _signer(environ: dict[str, Any], query: dict[str, list[str]]) -> tuple[str, str]:
    """Access key and service, from the header or from a presigned URL; unsigned counts as S3."""
    presigned = query.get("X-Amz-Credential", [""])[0]
    header = environ.get("HTTP_AUTHORIZATION") or f"Credential={presigned}"
    found = _CREDENTIAL.search(header)
    older = query.get("AWSAccessKeyId", [""])[0]  # a presigned URL of signature version 2
    return (found[1], found[2]) if found else (older, "s3")


def _operation(
    environ: dict[str, Any], query: dict[str, list[str]], service: str, body: bytes
) -> tuple[str, str, dict[str, Any]]:
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return "json", target.rsplit(".", 1)[-1], _json(body)
    form = parse_qs(body.decode("utf-8", "replace")) if _is_form(environ) else {}
    if action := {**query, **form}.get("Action"):
        return "query", action[0], {key: values[0] for key, values in {**query, **form}.items()}
    for route in _routes(service):
        found = route.match(environ, query)
        if found is not None:
            more = _json(body) if route.protocol == "rest-json" else {}
            if route.operation == "DeleteObjects":
                more = {"Keys": [unescape(key) for key in _KEY.findall(body.decode())]}
            return route.protocol, route.operation, {**found, **more}
    return "rest-xml" if service == "s3" else "json", "Unknown", {}


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:  # a payload, not parameters
        return {}
    return found if isinstance(found, dict) else {}


def _is_form(environ: dict[str, Any]) -> bool:
    kind = str(environ.get("CONTENT_TYPE", ""))
    return kind.startswith("application/x-www-form-urlencoded")


@dataclass(frozen=True)
class _Route:
    """One REST operation: what a request must have to be it, and where its parameters are."""

    operation: str
    protocol: str
    method: str
    path: re.Pattern[str]
    literals: dict[str, str]
    required: frozenset[str]
    headers: frozenset[str]
    from_query: dict[str, str]
    from_headers: dict[str, str]

    def match(self, environ: dict[str, Any], query: dict[str, list[str]]) -> dict[str, Any] | None:
        """The parameters in path, query and headers; None when the request is something else."""
        raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ["PATH_INFO"])
        path = self.path.fullmatch(raw.split("?", 1)[0])
        if environ["REQUEST_METHOD"] != self.method or not path:
            return None
        same = all(query.get(key, [None])[0] == value for key, value in self.literals.items())
        if not same or not self.required <= query.keys() or not self.headers <= environ.keys():
            return None
        found: dict[str, Any] = {key: unquote(value) for key, value in path.groupdict().items()}
        found |= {n: query[key][0] for key, n in self.from_query.items() if key in query}
        return found | {n: environ[key] for key, n in self.from_headers.items() if key in environ}

    @property
    def weight(self) -> int:
        """How particular it is; the most particular that matches is what was called."""
        return len(self.literals) + len(self.required) + len(self.headers)


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    """The operations of a REST service, the most particular first."""
    session = botocore.session.get_session()
    name = _MODEL.get(service, service)
    if name not in session.get_available_services():
        return ()
    model = session.get_service_model(name)
    protocol = str(model.metadata["protocol"])
    if not protocol.startswith("rest"):
        return ()
    routes = [_route(model.operation_model(found), protocol) for found in model.operation_names]
    return tuple(sorted(routes, key=lambda route: -route.weight))


def _route(operation: Any, protocol: str) -> _Route:
    uri, _, fixed = operation.http["requestUri"].partition("?")
    members = operation.input_shape.members if operation.input_shape else {}
    needed = operation.input_shape.required_members if operation.input_shape else []

    def of(location: str) -> dict[str, str]:
        """Names on the wire to names of members."""
        shapes = {name: shape.serialization for name, shape in members.items()}
        return {
            shape.get("name", name): name
            for name, shape in shapes.items()
            if shape.get("location") == location
        }

    query = of("querystring")
    literals = parse_qs(fixed, keep_blank_values=True)
    headers = {"HTTP_" + key.upper().replace("-", "_"): name for key, name in of("header").items()}
    return _Route(
        operation=operation.name,
        protocol=protocol,
        method=operation.http["method"],
        path=_pattern(uri),
        literals={key: values[0] for key, values in literals.items()},
        required=frozenset(key for key, name in query.items() if name in needed),
        headers=frozenset(key for key, name in headers.items() if name in needed),
        from_query=query,
        from_headers=headers,
    )


def _pattern(uri: str) -> re.Pattern[str]:
    """`/{Bucket}/{Key+}` as an expression; a trailing slash makes no difference."""
    parts = re.split(r"\{(\w+)(\+?)\}", uri.rstrip("/"))
    text = re.escape(parts[0])
    for name, greedy, literal in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        text += f"(?P<{name}>{'.+' if greedy else '[^/]+'})" + re.escape(literal)
    return re.compile(text + ("" if uri.endswith("+}") else "/?"), re.DOTALL)
