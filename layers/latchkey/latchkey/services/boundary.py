"""The most that any partner role may ever do: the actions of the permissions boundary.

The boundary itself is in the template; a contract test holds it to the specs. It has actions on
data only: nothing in it changes who may do what, and nothing reaches IAM, STS, Organizations or
CloudTrail, policies, ACLs, key grants or function code.
"""

from functools import cache

from latchkey.services.registry import specs

KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
"""Only through a service (`kms:ViaService`); never for a config to name."""

OWNER_ACL = "bucket-owner-full-control"
"""The one ACL that partner roles may put, which gives the bucket's owner all rights."""


@cache
def conditional() -> frozenset[str]:
    """What partner roles may do under conditions of the boundary's own; never by `custom`."""
    return frozenset(
        f"{name}:{action}" for name, service in specs().items() for action in service.conditional
    )


@cache
def allowed() -> frozenset[str]:
    """All that partner roles may do; a `custom` statement may have these actions and no others."""
    return frozenset(
        f"{name}:{action}" for name, service in specs().items() for action in service.boundary
    )
