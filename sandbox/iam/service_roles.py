"""Roles that services of AWS assume: those of functions, of workflows and of schedules.

What runs under such a role is held to its policies as every session is. The session is the one
that the service would have, and does not end, since the service renews it.
"""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from moto.sts.models import AssumedRole, sts_backends

from sandbox.account import ACCOUNT, PARTITION, REGION
from sandbox.iam import roles
from sandbox.iam.authorisation import may_assume

_WITHOUT_END = 500 * 366 * 24 * 3600  # seconds
_labels: dict[str, str] = {}  # of sessions, by access key


class CannotAssume(Exception):
    """A role's trust policy does not let a service assume it."""


def assume(service: str, role_arn: str, label: str, source_arn: str) -> str:
    """The access key of a service's session of a role; the same one at each call.

    `label` is what the journal calls the caller, `source_arn` what the service acts for: it is
    `aws:SourceArn` in the trust policy, and its last part names the session.

    Raises
    ------
    CannotAssume
        When the role does not exist, or its trust policy does not let the service assume it.
    """
    role, principal = roles.role(role_arn), f"{service}.amazonaws.com"
    context = {
        "aws:SourceAccount": ACCOUNT,
        "aws:SourceArn": source_arn,
        "aws:CurrentTime": datetime.now(UTC).isoformat(),
    }
    if not role or not may_assume(role.assume_role_policy_document, [principal], context):
        raise CannotAssume(f"{label}: {principal} cannot assume {role_arn}")
    key = f"{service}.{role.name}"
    known = roles.session(key)
    if not known or known.role_id not in (None, role.id):  # the role was made anew since
        _labels[key] = label
        held: Any = SimpleNamespace(access_key_id=key, secret_access_key="any")  # noqa: S106
        nothing: Any = None
        name = re.split("[:/]", source_arn)[-1]
        session = AssumedRole(ACCOUNT, REGION, held, name, role_arn, nothing, _WITHOUT_END, nothing)
        sts_backends[ACCOUNT][PARTITION].assumed_roles.insert(0, session)
    return key


def label(access_key: str) -> str | None:
    """What the journal calls a service's session; None for keys of others."""
    return _labels.get(access_key)
