"""moto behind the sandbox's auth proxy, for tests of what it refuses."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from moto.core.botocore_stubber import MockRawResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client as HttpClient

from sandbox.api.auth_proxy import AuthProxy
from sandbox.api.journal import Journal
from sandbox.connection import connect
from sandbox.iam.callers import Callers

PARTNER = "444455556666"
ROOT = f"arn:aws:iam::{PARTNER}:root"
US = "123456789012"


class Local:
    """moto behind the sandbox's auth proxy, without a socket between."""

    def __init__(self, *, tls: bool = False, scheme: str = "http") -> None:
        self._url = f"{scheme}://127.0.0.1:1"
        moto = DomainDispatcherApplication(create_backend_app)
        self._http = HttpClient(
            AuthProxy(moto, Journal(), Callers(lambda: datetime.now(UTC)), tls=tls)
        )

    def client(self, service: str, who: str = "outside", token: str | None = None) -> Any:
        made = connect(self._url, service, who, token=token)
        made.meta.events.register("before-send", self._answer)
        return made

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        body = request.body.read() if hasattr(request.body, "read") else request.body
        headers = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in request.headers.items()
        }
        found = self._http.open(
            request.url,
            base_url=self._url,
            method=request.method,
            headers=headers,
            data=body,
        )
        raw = MockRawResponse(found.get_data())
        headers_of_it: Any = dict(found.headers)
        return AWSResponse(request.url, found.status_code, headers_of_it, raw)

    def role(self, name: str, trust: Any, *permissions: dict[str, Any], account: str = US) -> str:
        """A role with a permissions policy; answers its ARN."""
        iam = self.client("iam", account)
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        if permissions:
            text = allowing(*permissions)
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=text)
        return str(made["Role"]["Arn"])

    def session(self, role: str, **more: Any) -> dict[str, Any]:
        """The credentials of a session of the partner's."""
        asked = {"RoleArn": role, "RoleSessionName": "session", **more}
        found: dict[str, Any] = self.client("sts", PARTNER).assume_role(**asked)["Credentials"]
        return found


def allowing(*statements: dict[str, Any]) -> str:
    """A policy of statements that allow."""
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **s} for s in statements]}
    )


def trusting(*actions: str, principal: Any = ROOT, **more: Any) -> dict[str, Any]:
    """A trust policy of one statement."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": list(actions)}
    return {"Version": "2012-10-17", "Statement": [{**statement, **more}]}


def refusal(call: Callable[[], Any]) -> tuple[str, int, str]:
    """Code, status and message of the refusal of a call."""
    with pytest.raises(ClientError) as refused:
        call()
    answer = refused.value.response
    return (
        answer["Error"]["Code"],
        answer["ResponseMetadata"]["HTTPStatusCode"],
        answer["Error"]["Message"],
    )
