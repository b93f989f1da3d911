"""Whom an attack is about: a partner, its grant, its role."""

from dataclasses import dataclass
from typing import Any

from tests.kit.examples import ACCOUNT, config_document

LONG = 43_200
"""Seconds that a session lasts: as long as AWS allows, so that none of them ends by itself."""


@dataclass(frozen=True)
class Target:
    """A partner that no other attack has, with a bucket and a secret to give access to."""

    partner: str
    expires_at: str
    account: str = ACCOUNT

    @property
    def key(self) -> str:
        """The key of its file."""
        return f"partners/{self.partner}/main.json"

    @property
    def role(self) -> str:
        """The name of its role."""
        return f"partner-{self.partner}.main"

    @property
    def role_arn(self) -> str:
        """The ARN of its role."""
        return f"arn:aws:iam::{self.account}:role/partners/{self.role}"

    @property
    def external_id(self) -> str:
        """Its external ID."""
        return f"external-{self.partner}"

    def config(self, *without: str, **changes: Any) -> dict[str, Any]:
        """Its config, with changes."""
        access = [
            {"service": "s3", "bucket": self.partner, "prefix": "in", "allow": "read-write"},
            {"service": "secretsmanager", "secret": f"{self.partner}/key", "allow": "read"},
        ]
        own: dict[str, Any] = {"partner": self.partner, "external_id": self.external_id}
        own |= {"account": self.account} if self.account != ACCOUNT else {}
        own |= {"expires_at": self.expires_at, "access": access, "max_session_duration": LONG}
        return config_document(*without, **(own | changes))
