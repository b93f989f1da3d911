"""Who calls, and whether the call is allowed.

Sessions may do what their role's policies and boundary allow, as long as they last: those that
AssumeRole gave out, and those of functions, workflows and schedules. Who calls AssumeRole is held
to the role's trust policy. Everybody else may do everything.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sandbox.account import ACCOUNT, ORGANIZATION
from sandbox.iam import roles, service_roles
from sandbox.iam.authorisation import Context, allowed, may_assume
from sandbox.iam.organizations import organization_denies
from sandbox.iam.owners import owner
from sandbox.iam.permission import RequiredPermission
from sandbox.iam.request import Refusal, Request
from sandbox.iam.roles import Session
from sandbox.iam.web_identities import read_token


class Callers:
    """Identifies callers by their access keys, and authorises their calls."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def name(self, access_key: str) -> str:
        """The logical ID of the function or workflow, or the role of the schedule, that calls.

        `outside` for all others.
        """
        return service_roles.label(access_key) or "outside"

    def check(self, request: Request, permissions: Iterable[RequiredPermission]) -> None:
        """Authorise a call.

        Raises
        ------
        Refusal
            When AWS would refuse the call.
        """
        session = roles.session(request.access_key)
        if session and session.expires <= self._now():
            raise Refusal("ExpiredToken", "The provided token has expired.")
        if request.operation == "AssumeRole":
            self._check_trust(request, session)
        elif request.operation == "AssumeRoleWithWebIdentity":
            self._check_token(request)
        elif session and request.operation != "GetCallerIdentity":
            self._check_session(session, permissions, request.source_ip)

    def invoke(self, access_key: str, function_arn: str) -> None:
        """Authorise an invocation of a function that is made without a request.

        Raises
        ------
        Refusal
            When Lambda would refuse it.
        """
        session = roles.session(access_key)
        assert session, f"{access_key} is no session"
        permission = RequiredPermission("lambda:InvokeFunction", function_arn)
        self._check_session(session, [permission])

    def _check_session(
        self, session: Session, permissions: Iterable[RequiredPermission], source_ip: str = ""
    ) -> None:
        role = roles.role(session.role_arn)
        policies = roles.documents(role) if role and session.role_id in (None, role.id) else []
        boundary = roles.boundary(role) if role else None
        for required in permissions:
            context = {**self._context(source_ip, session.role_arn), **required.context}
            context["aws:ResourceAccount"] = owner(required.resource)
            if session.issued:
                context["aws:TokenIssueTime"] = session.issued.isoformat(timespec="seconds")
            asked = (required.action, required.resource, context)
            narrowed = session.policy and not allowed([session.policy], None, *asked)
            over = organization_denies(session.role_arn.split(":")[4], *asked)
            if over or narrowed or not allowed(policies, boundary, *asked):
                raise _denied(session.arn, required.action, required.resource)

    def _check_trust(self, request: Request, session: Session | None) -> None:
        given = request.parameters
        arn = str(given.get("RoleArn", ""))
        account = request.access_key if _is_account(request.access_key) else ACCOUNT
        caller = session.role_arn if session else f"arn:aws:iam::{account}:root"
        account = caller.split(":")[4]
        context = self._context(request.source_ip, caller)
        if given.get("ExternalId"):
            context["sts:ExternalId"] = given["ExternalId"]
        if given.get("SerialNumber") and given.get("TokenCode"):
            context["aws:MultiFactorAuthPresent"] = "true"
        who = session.arn if session else caller
        known = {who, caller, account, f"arn:aws:iam::{account}:root"}
        role = roles.role(arn)
        context |= _passed(given)
        for action in _needed(given):
            asked = {key: context[key] for key in context if action in _EXTERNAL or key != _ID}
            if not role or not may_assume(role.assume_role_policy_document, known, asked, action):
                raise _denied(who, action, arn)
            across = arn.split(":")[4] != account  # then both accounts have to allow it
            if session and (across or not _named(role, {who, caller}, asked, action)):
                self._check_session(session, [RequiredPermission(action, arn, asked)])
        assert role
        _check_duration(given, 3600 if session else role.max_session_duration or 3600)

    def _check_token(self, request: Request) -> None:
        """Nobody signs the call: who comes is who the token says, and the role trusts its claims.

        https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
        """
        given = request.parameters
        arn = str(given.get("RoleArn", ""))
        account = arn.split(":")[4] if arn.count(":") >= 5 else ACCOUNT
        token = read_token(str(given.get("WebIdentityToken", "")), account, self._now())
        context = {**self._of_anybody(request.source_ip), **token.context}
        context["sts:RoleSessionName"] = str(given.get("RoleSessionName", ""))
        role = roles.role(arn)
        for action in token.actions:
            trust = role.assume_role_policy_document if role else None
            if not trust or not may_assume(trust, {token.principal}, context, action):
                raise Refusal("AccessDenied", f"Not authorized to perform {action}")
        _check_duration(given, role.max_session_duration or 3600 if role else 3600)

    def _context(self, source_ip: str, principal: str) -> dict[str, str | list[str]]:
        """The condition keys of every request that an AWS identity signed."""
        return {
            **self._of_anybody(source_ip),
            "aws:PrincipalArn": principal,
            "aws:PrincipalAccount": principal.split(":")[4],
            "aws:PrincipalOrgID": ORGANIZATION,
        }

    def _of_anybody(self, source_ip: str) -> dict[str, str | list[str]]:
        """The condition keys of every request; plain HTTP counts as secure here."""
        return {
            "aws:CurrentTime": self._now().isoformat(),
            "aws:EpochTime": str(int(self._now().timestamp())),
            "aws:SecureTransport": "true",
            **({"aws:SourceIp": source_ip} if source_ip else {}),
        }


_ID, _EXTERNAL = "sts:ExternalId", ("sts:AssumeRole",)
"""The key, and the action that has it (Service Authorization Reference, AWS STS)."""


def _needed(given: dict[str, Any]) -> list[str]:
    """The actions that AssumeRole asks of the trust policy, by what it passes.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html, "Permissions required to
    add session tags", and id_credentials_temp_control-access_monitor.html for source identities.
    """
    tagged = given.get("Tags") or given.get("TransitiveTagKeys")
    return [
        "sts:AssumeRole",
        *(["sts:TagSession"] if tagged else []),
        *(["sts:SetSourceIdentity"] if given.get("SourceIdentity") else []),
    ]


def _check_duration(given: dict[str, Any], longest: Any) -> None:
    if int(given.get("DurationSeconds", 3600)) > int(longest):
        text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        raise Refusal("ValidationError", text)


def _named(role: Any, names: set[str], context: Context, action: str) -> bool:
    """Whether a trust policy names the very caller; a session of an account needs its own policies.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
    """
    return may_assume(role.assume_role_policy_document, names, context, action)


def _passed(given: dict[str, Any]) -> dict[str, str | list[str]]:
    """The condition keys of what AssumeRole passes."""
    tags = given.get("Tags") or []
    lists = {
        "aws:TagKeys": [tag["Key"] for tag in tags],
        "sts:TransitiveTagKeys": given.get("TransitiveTagKeys") or [],
    }
    texts = {f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in tags}
    named = ("RoleSessionName", "SourceIdentity")
    texts |= {f"sts:{name}": given[name] for name in named if given.get(name)}
    return {**texts, **{name: values for name, values in lists.items() if values}}


def _is_account(access_key: str) -> bool:
    return len(access_key) == 12 and access_key.isdigit()


def _denied(who: str, action: str, resource: str) -> Refusal:
    text = f"User: {who} is not authorized to perform: {action} on resource: {resource}"
    return Refusal("AccessDenied", text)
