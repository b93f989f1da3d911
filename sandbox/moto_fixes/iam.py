"""Fixes of moto's IAM."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend
from moto.iam.responses import IamResponse
from moto.sts.models import AssumedRole

from latchkey.services.managed import known
from sandbox.moto_fixes.replacing import replace_member

_DENY_ALL = "AWSDenyAll"
PAGE = 100
"""Roles of one answer, unless the caller asks for fewer or more (IAM API reference)."""


def page_account_details() -> None:
    """Return the roles of the account a page at a time.

    Mends `IamResponse.get_account_authorization_details`, moto/iam/responses.py:936, which ignores
    `MaxItems` and `Marker`, and returns everything at once.
    """
    replace_member(IamResponse, "get_account_authorization_details", _page)


def _page(iam: Any) -> ActionResult:
    asked = iam._get_param  # noqa: SLF001 (moto's way to a parameter)
    found = iam.backend.get_account_authorization_details(asked("Filter", []))
    start, most = int(asked("Marker", 0)), int(asked("MaxItems", PAGE))
    roles = list(found["roles"])
    more = len(roles) > start + most
    told = {
        "UserDetailList": () if start else found["users"],
        "GroupDetailList": () if start else found["groups"],
        "Policies": () if start else found["managed_policies"],
        "RoleDetailList": roles[start : start + most],
        "IsTruncated": more,
    }
    return ActionResult({**told, "Marker": str(start + most)} if more else told)


def remember_issue() -> None:
    """Keep when a session was issued, and the unique ID of its role.

    Mends `AssumedRole.__init__`, moto/sts/models.py:28, which keeps neither: policies can end
    sessions by `aws:TokenIssueTime`, and a role made anew under a name has none of the sessions of
    the one before.
    """
    replace_member(AssumedRole, "__init__", _issue)


_assume = AssumedRole.__init__


def _issue(session: Any, *given: Any, **named: Any) -> None:
    _assume(session, *given, **named)
    session.issued = datetime.now(UTC)
    session.role_id = session.user_id.partition(":")[0]


def have_policies_of_aws() -> None:
    """Have the AWS-managed policies that Latchkey attaches, or puts on as a boundary.

    Mends `IAMBackend._init_aws_policies`, moto/iam/models.py:1905, which has all of AWS's or none.
    """
    replace_member(IAMBackend, "_init_aws_policies", _of_aws)


def _of_aws(backend: Any) -> list[AWSManagedPolicy]:
    return [
        AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, _known(name))
        for name in (*(policy.rpartition("/")[2] for policy in known()), _DENY_ALL)
    ]


@cache
def _known(name: str) -> dict[str, Any]:
    """One of all that moto knows, as AWS publishes them; to parse them all takes a while."""
    begins = f'\n "{name}":'
    at = aws_managed_policies_data.index(begins) + len(begins)
    return dict(json.JSONDecoder().raw_decode(aws_managed_policies_data, at)[0])


FIXES = (page_account_details, remember_issue, have_policies_of_aws)
