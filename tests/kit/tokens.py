"""Tokens of identity providers, as a CI system gets them; unsigned, as the sandbox takes them."""

import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

GITHUB = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
SUBJECT = "repo:acme/app:ref:refs/heads/main"


def token(now: datetime, **changes: Any) -> str:
    """A token of GitHub Actions for the main branch, valid for ten minutes."""
    expires = int((now + timedelta(minutes=10)).timestamp())
    claims = {"iss": f"https://{GITHUB}", "aud": AUDIENCE, "sub": SUBJECT, "exp": expires}
    parts: tuple[dict[str, Any], ...] = ({"alg": "none"}, {**claims, **changes}, {})
    return ".".join(urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts)


def identity(**changes: Any) -> dict[str, Any]:
    """The web identity of that token, as a config names it."""
    return {"oidc_provider": GITHUB, "audience": AUDIENCE, "subject": SUBJECT, **changes}
