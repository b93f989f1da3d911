"""Tokens of identity providers (OIDC), as STS reads them in AssumeRoleWithWebIdentity.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html. Signatures
are not checked, since the sandbox reaches no provider; tokens of Facebook and Login with Amazon,
which are no JWTs, are not played.
"""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends

from sandbox.account import PARTITION
from sandbox.iam.authorisation import Context
from sandbox.iam.request import Refusal

ACTION = "sts:AssumeRoleWithWebIdentity"
_GOOGLE, _COGNITO = "accounts.google.com", "cognito-identity.amazonaws.com"
_TAGS = "https://aws.amazon.com/tags"
_IDENTITY = "https://aws.amazon.com/source_identity"


@dataclass(frozen=True)
class Token:
    """Who comes with a token: the federated principal, the keys of the request, what it passes."""

    principal: str
    context: Context
    actions: tuple[str, ...]


def read_token(text: str, account: str, now: datetime) -> Token:
    """What STS takes from a token for a role of an account.

    Raises
    ------
    Refusal
        When the token is none, is of a provider that the account does not have, for an audience
        that the provider does not list, or too old.
    """
    claims = _claims(text)
    provider = str(claims.get("iss", "")).removeprefix("https://")
    expires = datetime.fromtimestamp(int(claims.get("exp", 0)), UTC)
    principal = _principal(provider, account, claims)
    if expires <= now:
        at, until = int(now.timestamp()), int(expires.timestamp())
        said = f"Token expired: current date/time {at} must be before the expiration date/time "
        raise Refusal("ExpiredTokenException", f"{said}{until}", 400)
    tags = claims.get(_TAGS) or {}
    given = {
        **_keys(provider, claims),
        **{f"aws:RequestTag/{k}": v[0] for k, v in tags.get("principal_tags", {}).items()},
        "aws:TagKeys": [*tags.get("principal_tags", {})],
        "sts:TransitiveTagKeys": tags.get("transitive_tag_keys", []),
        "sts:SourceIdentity": claims.get(_IDENTITY, ""),
    }
    actions = (
        ACTION,
        *(["sts:TagSession"] if tags else []),
        *(["sts:SetSourceIdentity"] if claims.get(_IDENTITY) else []),
    )
    return Token(principal, {key: value for key, value in given.items() if value}, actions)


def _claims(text: str) -> dict[str, Any]:
    try:
        _, body, _ = text.split(".")
        found = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return dict(found)
    except (ValueError, TypeError):
        text = "The ID Token provided is not a valid JWT."
        raise Refusal("InvalidIdentityToken", text, 400) from None


def _principal(provider: str, account: str, claims: dict[str, Any]) -> str:
    """As a trust policy names the provider; Google and Cognito every account has."""
    if provider in (_GOOGLE, _COGNITO):
        return provider
    arn = f"arn:aws:iam::{account}:oidc-provider/{provider}"
    found = iam_backends[account][PARTITION].open_id_providers.get(arn)
    if found is None:
        text = f"No OpenIDConnect provider found in your account for https://{provider}"
        raise Refusal("InvalidIdentityToken", text, 400)
    if not {*_listed(claims.get("aud"))} & {*found.client_id_list}:
        raise Refusal("InvalidIdentityToken", "Incorrect token audience", 400)
    return arn


def _keys(provider: str, claims: dict[str, Any]) -> dict[str, Any]:
    """The condition keys of a token; Google's `aud` is the claim `azp`, where there is one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html,
    "Available keys for AWS OIDC federation".
    """
    names = {"aud": "aud", "sub": "sub", "amr": "amr"}
    if provider == _GOOGLE:
        names = {"aud": "azp" if claims.get("azp") else "aud", "oaud": "aud", "sub": "sub"}
    return {f"{provider}:{key}": claims[name] for key, name in names.items() if claims.get(name)}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
