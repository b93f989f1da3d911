"""What IAM refuses of policy documents: principals that are not there, sizes over the quota.

Sizes are of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; white
space does not count. The wording is as users report it: kubeflow/kubeflow#6687 (trust policies),
kubernetes/kops#12558 (inline policies), docker/docs#4685 (managed policies).
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from moto.iam.models import iam_backends

from sandbox.account import PARTITION
from sandbox.iam import roles
from sandbox.iam.request import Refusal, Request

TRUST, INLINE, MANAGED = 2048, 10_240, 6144
_ACCOUNT = re.compile(r"[0-9]{12}")
_SESSION = re.compile(r"arn:aws:sts::[0-9]{12}:(assumed-role|federated-user)/.+")
_PRINCIPAL = re.compile(r"arn:aws:iam::([0-9]{12}):(root|(role|user)/(.+))")
_PROVIDER = re.compile(r"arn:aws:iam::[0-9]{12}:(oidc|saml)-provider/.+|([a-z0-9-]+\.)+[a-z]{2,}")
_SHARED = ("token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io")
_UNIQUE_ID = re.compile(r"A[A-Z]{2}A[A-Z0-9]{12,}")


def trust_size(request: Request) -> None:
    """A trust policy has at most 2,048 characters."""
    text = _given(request, "AssumeRolePolicyDocument", "PolicyDocument")
    if _size(text) > TRUST:
        raise Refusal("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {TRUST}", 409)


def inline_size(request: Request) -> None:
    """All inline policies of a role together have at most 10,240 characters."""
    given = request.parameters
    role = roles.role_named(str(given.get("RoleName", "")), roles.account_of(request.access_key))
    others = dict(role.policies) if role else {}
    others.pop(given.get("PolicyName"), None)
    size = sum(map(_size, (*others.values(), _given(request, "PolicyDocument"))))
    if size > INLINE:
        name = given.get("RoleName")
        text = f"Maximum policy size of {INLINE} bytes exceeded for role {name}"
        raise Refusal("LimitExceeded", text, 409)


def managed_size(request: Request) -> None:
    """A managed policy has at most 6,144 characters."""
    if _size(_given(request, "PolicyDocument")) > MANAGED:
        raise Refusal("LimitExceeded", f"Cannot exceed quota for PolicySize: {MANAGED}", 409)


def trust_principals(request: Request) -> None:
    """The roles and users that a trust policy names exist, under the path that it names.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html, "Invalid principal in
    policy". Of accounts the sandbox has every one; those of services are not looked at.
    """
    text = _given(request, "AssumeRolePolicyDocument", "PolicyDocument")
    for name in _principals(text):
        if not _exists(name):
            raise Refusal(
                "MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{name}"', 400
            )


def federated_principals(request: Request) -> None:
    """Identity providers are named by ARN or domain, and shared ones say whose tokens count.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
    """
    text = _given(request, "AssumeRolePolicyDocument", "PolicyDocument")
    for statement in _statements(text):
        for name in _named(statement, "Federated"):
            if not _PROVIDER.fullmatch(name):
                said = "Federated principals must be valid domain names or SAML metadata ARNs"
                raise Refusal("MalformedPolicyDocument", said, 400)
            shared = name.partition("oidc-provider/")[2]
            if (
                shared in _SHARED
                and statement.get("Effect") == "Allow"
                and not _says(statement, f"{shared}:sub")
            ):
                said = f"{shared} needs a condition on {shared}:sub that is no wildcard alone"
                raise Refusal("MalformedPolicyDocument", said, 400)


def _says(statement: dict[str, Any], key: str) -> bool:
    """Whether a statement binds a key, or is about nothing that gives a session."""
    actions = statement.get("Action", [])
    if not any(
        "AssumeRole" in one for one in (actions if isinstance(actions, list) else [actions])
    ):
        return True
    for operator, keys in (statement.get("Condition") or {}).items():
        values = keys.get(key, [])
        found = values if isinstance(values, list) else [values]
        if found and "Not" not in operator and "*" not in found:
            return True
    return False


def _given(request: Request, *names: str) -> str:
    return next((str(request.parameters[n]) for n in names if request.parameters.get(n)), "")


def _size(document: Any) -> int:
    """The characters that count; moto holds some documents as they came, some percent-encoded."""
    text = document if isinstance(document, str) else json.dumps(document)
    return len(re.sub(r"\s", "", unquote(text) if text.startswith("%7B") else text))


def _principals(text: str) -> Iterator[str]:
    for statement in _statements(text):
        yield from _named(statement, "AWS")


def _statements(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)["Statement"]
    except (ValueError, KeyError, TypeError):
        return []  # moto says what is wrong with it
    return found if isinstance(found, list) else [found]


def _named(statement: dict[str, Any], kind: str) -> list[str]:
    named = statement.get("Principal") or statement.get("NotPrincipal") or {}
    found = named.get(kind, []) if isinstance(named, dict) else []
    return found if isinstance(found, list) else [found]


def _exists(name: str) -> bool:
    if name == "*" or any(one.fullmatch(name) for one in (_ACCOUNT, _UNIQUE_ID, _SESSION)):
        return True
    found = _PRINCIPAL.fullmatch(name)
    if not found:
        return False
    backend = iam_backends[found[1]][PARTITION]
    if found[2] == "root":
        return True
    held: Any = backend.roles.values() if found[3] == "role" else backend.users.values()
    return any(one.arn == name for one in list(held))
