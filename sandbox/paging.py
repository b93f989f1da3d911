"""Pages of what moto tells all at once."""

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

from sandbox.patches import replace_member

PAGE = 100
"""Roles of one answer, unless the caller asks for fewer or more (IAM API reference)."""


def page_account_details() -> None:
    """Have IAM tell of all roles a page at a time, as AWS does."""
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
