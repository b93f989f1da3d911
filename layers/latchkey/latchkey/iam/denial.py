"""Whose policy denied a call, by AWS's message."""

import re

_POLICIES = (
    r"(?:identity-based policy|permissions boundary|session policy|VPC endpoint policy"
    r"|service control policy|resource control policy)"
)
_OWN = re.compile(rf"no {_POLICIES} allows|explicit deny in an? {_POLICIES}")
_CALL = re.compile(r"not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)")


def own_denial(message: str) -> bool:
    """Whether the caller's own side denied a call: its role, its network, its organization.

    AWS says so in the message, within an account and within an organization (IAM user guide,
    "Troubleshoot access denied error messages"): "because no identity-based policy allows the …
    action", "with an explicit deny in a service control policy". A policy of the resource, or a
    message that names none, is not the caller's own.
    """
    return _OWN.search(message) is not None


def denied_action(message: str) -> str | None:
    """The action that a message says was denied, such as `s3:GetEncryptionConfiguration`."""
    found = _CALL.search(message)
    return found[1] if found else None
