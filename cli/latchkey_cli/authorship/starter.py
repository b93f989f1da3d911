"""Who started an execution, as CloudTrail's `userIdentity` names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Starter:
    """A caller of StartExecution.

    `name` is never empty. Another account's caller has a unique ID and no ARN, a service of AWS
    neither (CloudTrail user guide, "CloudTrail userIdentity element",
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
    """

    name: str
    arn: str | None = None
    user_id: str | None = None
    role_arn: str | None = None
    source_identity: str | None = None

    @classmethod
    def of(cls, identity: Mapping[str, Any]) -> "Starter":
        """The caller of an event."""
        context = _within(identity, "sessionContext")
        issuer = _within(context, "sessionIssuer")
        return cls(
            _name(identity),
            _text(identity.get("arn")),
            _text(identity.get("principalId")),
            _text(issuer.get("arn")) if issuer.get("type") == "Role" else None,
            _text(context.get("sourceIdentity")),
        )

    @property
    def unique_id(self) -> str | None:
        """The ID of the role (`AROA…`) or IAM user (`AIDA…`), without the session's name."""
        found = (self.user_id or "").partition(":")[0]
        return found if found.startswith(("AROA", "AIDA")) else None

    @property
    def words(self) -> str:
        """The caller and, if the session has one, its source identity."""
        also = f" (source identity {self.source_identity})" if self.source_identity else ""
        return f"{self.name}{also}"


def _name(identity: Mapping[str, Any]) -> str:
    """The ARN; else what else there is: a user of Identity Center, a service, another account."""
    kind = _text(identity.get("type")) or "somebody whom CloudTrail does not name"
    behalf = _text(_within(identity, "onBehalfOf").get("userId"))
    names = (identity.get(key) for key in ("arn", "invokedBy", "principalId", "accountId"))
    arn, *others = map(_text, names)
    known = arn or (f"{kind} {behalf}" if behalf else None)
    return known or next((f"{kind} {name}" for name in others if name), kind)


def _within(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = of.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
