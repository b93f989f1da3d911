"""The lines about a change of roles, as tests of the words for a plan ask for them."""

from typing import Any

from latchkey.grants.role import DesiredRole
from latchkey.grants.role_view import view
from latchkey.reports.summary.line import by_risk
from latchkey.reports.summary.role_lines import role_lines
from tests.kit.examples import role_of, s3_entry

IPS: dict[str, Any] = {"source_ips": ["203.0.113.0/24"]}


ROLE = "arn:aws:iam::444455556666:role/app"


def lines(old: Any, new: Any) -> list[tuple[str, str]]:
    """The lines for one role that becomes another."""
    return [(line.effect, line.text) for line in by_risk(role_lines(view(old), view(new)))]


def custom(action: str, resource: str, **condition: Any) -> dict[str, Any]:
    """Access of one custom statement."""
    statement = {"Action": action, "Resource": resource, "Condition": condition}
    return {"access": [{"service": "custom", "statements": [statement]}]}


def by(**changes: Any) -> DesiredRole:
    """The role of the example config, with changes; in it all objects of a folder may be read."""
    return role_of(**({"access": [s3_entry(prefix="acme", allow="read")]} | changes))
