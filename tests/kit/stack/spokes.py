"""Other accounts beside a stack on moto, enrolled from spoke.yaml, where IAM is asked as on AWS.

A session there is given out by the trust of the role that was asked for, as if its function called,
and held to that role's policies and to the session's. What the own account does, IAM is not asked.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from botocore.session import get_session
from moto.iam.models import iam_backends

from latchkey.iam.spoke import SpokeRole
from latchkey.runtime import clients
from sandbox.account import ORGANIZATION
from sandbox.iam import roles
from sandbox.iam.authorisation import may_assume
from sandbox.iam.callers import Callers
from sandbox.iam.request import Refusal, Request
from sandbox.iam.required_permissions import required_permissions
from tests.kit.examples import ACCOUNT, STACK
from tests.kit.repository import ROOT
from tests.kit.stack.aws import GUARDRAILS, aws
from tests.kit.stack.taps import refusal

SPOKES = ("222233334444", "555566667777")
FUNCTIONS = {
    SpokeRole.PLAN: "plan-grant",
    SpokeRole.PLAN_ORDER: "plan-order",
    SpokeRole.GRANT: "grant-access",
    SpokeRole.SUSPEND: "suspend-access",
    SpokeRole.REVOKE: "revoke-access",
    SpokeRole.CHECK: "check-drift",
}
"""Whose session each role of a spoke is for, by the end of the function's name."""

OWN_ROLES = {role.name_for(STACK) for role in SpokeRole}

_ASKED, _TEMPLATE = "spoke_parameters", "latchkey-spoke"

Refuses = Callable[[str, str, dict[str, Any]], Any]
"""An account, a call as `service:Operation` and its parameters: an answer in AWS's place, or None.

It may raise too, as where there is no answer at all.
"""


def boundary(kind: str, account: str) -> str:
    """The ARN of a boundary, by spoke.yaml's name for it."""
    return f"arn:aws:iam::{account}:policy/latchkey-{kind}-boundary-us-east-1"


BOUNDARIES = {
    "PERMISSIONS_BOUNDARY_ARN": boundary("partner", ACCOUNT),
    "KMS_BOUNDARY_ARN": boundary("kms", ACCOUNT),
    "ACCOUNT_BOUNDARY_ARN": boundary("audit", ACCOUNT),
}
"""The functions' variables: in the kit's stack boundaries have other names, which no spoke has."""


class Spokes:
    """The accounts of one stack.

    `refuses` may answer a call of one in AWS's place; `narrowed` has the session policy, by
    account, that its sessions have in place of their own; those in `made` hear of each new client.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.refuses: Refuses = lambda *_: None
        self.made: list[Callable[[str, str, Any], None]] = []
        self.narrowed: dict[str, str] = {}
        self._kept: dict[tuple[str, str], Any] = {}
        self.enrolled: set[str] = set()
        self.sessions: list[dict[str, Any]] = []
        self._session = _session()
        self._callers = Callers(lambda: datetime.now(UTC))
        patch.setattr(clients, "_session", lambda: self)
        for name, arn in BOUNDARIES.items():
            patch.setenv(name, arn)

    def handlers(self) -> dict[str, Callable[..., Any]]:
        """What has to handle botocore's events of the functions' client of STS."""
        return {
            "before-parameter-build.sts.AssumeRole": self._asking,
            "before-call.sts.AssumeRole": self._assuming,
        }

    def enrol(self, account: str, **parameters: str) -> None:
        """Deploy spoke.yaml in an account; its guardrails are what the template writes."""
        self.enrolled.add(account)
        given = {"HubAccount": ACCOUNT, "HubRegion": "us-east-1", "HubStackName": STACK}
        given |= {"OrganizationId": ORGANIZATION} | parameters
        aws("cloudformation", account).create_stack(
            StackName=_TEMPLATE,
            TemplateBody=_template(),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in given.items()],
        )
        for role in iam_backends[account]["aws"].roles.values():  # moto keeps them as they came
            role.policies = {name: _text(policy) for name, policy in role.policies.items()}
            if role.name in OWN_ROLES:
                trust, policies = role.assume_role_policy_document, dict(role.policies)
                self._kept[account, role.id] = (role, trust, policies)

    def mend(self, account: str) -> None:
        """Put the account's roles for the stack back as they were enrolled; nothing is refused."""
        self.refuses, self.narrowed = lambda *_: None, {}
        for (where, identity), (role, trust, policies) in self._kept.items():
            if where == account:
                role.assume_role_policy_document, role.policies = trust, dict(policies)
                iam_backends[account]["aws"].roles[identity] = role

    def guard(self, account: str, text: str) -> None:
        """Write an account's own guardrails."""
        aws("ssm", account).put_parameter(
            Name=GUARDRAILS, Type="String", Value=text, Overwrite=True
        )

    def create_client(self, service: str, **given: Any) -> Any:
        """A client as botocore makes it; IAM is asked for each call of one of a session."""
        client = self._session.create_client(service, **given)
        if given.get("aws_session_token"):
            key = str(given["aws_access_key_id"])
            account = roles.account_of(key)
            for hear in self.made:
                hear(account, service, client)
            client.meta.events.register("before-parameter-build", _keep)
            client.meta.events.register(
                "before-call", lambda **named: self._calling(account, key, **named)
            )
        return client

    def _calling(
        self, account: str, key: str, model: Any, context: dict[str, Any], **_: Any
    ) -> Any:
        given = context[_ASKED]
        name = f"{model.service_model.service_name}:{model.name}"
        if (answer := self.refuses(account, name, given)) is not None:
            return answer
        signed = model.service_model.signing_name
        request = Request(key, signed, model.name, given, "json", "")
        try:
            self._callers.check(request, required_permissions(request))
        except Refusal as refused:
            return refusal(refused.code, refused.message, refused.status)
        return None

    def _asking(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if policy := self.narrowed.get(str(params["RoleArn"]).split(":")[4]):
            params["Policy"] = policy
        _keep(params, context)

    def _assuming(self, context: dict[str, Any], **_: Any) -> Any:
        given = context[_ASKED]
        arn = str(given["RoleArn"])
        self.sessions.append(given)
        if (answer := self.refuses(arn.split(":")[4], "sts:AssumeRole", given)) is not None:
            return answer
        role, caller = roles.role(arn), _caller(arn)
        known = {caller, ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"}
        asked = {"aws:PrincipalArn": caller, "aws:PrincipalOrgID": ORGANIZATION}
        if role and may_assume(role.assume_role_policy_document, known, asked):
            return None
        text = f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"
        return refusal("AccessDenied", text, 403)


@cache
def _session() -> Any:
    """One for all stacks: it remembers what clients are made from."""
    return get_session()


@cache
def _template() -> str:
    return (ROOT / "spoke.yaml").read_text(encoding="utf-8")


def _text(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy)


def _keep(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    context[_ASKED] = dict(params)


def _caller(arn: str) -> str:
    """The role of the function that asks for a spoke's role, which is the only one that does."""
    wanted = arn.rpartition(f"{STACK}-spoke-")[2]
    function = FUNCTIONS.get(SpokeRole(wanted)) if wanted in SpokeRole else "nobody"
    return f"arn:aws:iam::{ACCOUNT}:role/latchkey-{function}-us-east-1"
