"""Two teams with a scope each, and a grant of the first."""

from datetime import datetime
from typing import Any

from tests.kit.examples import NOW
from tests.kit.stack.aws import CONFIG_BUCKET
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

A, B = "partners/team-a/acme.json", "partners/team-b/acme.json"
SCOPES: list[dict[str, Any]] = [
    {"name": "team-a", "prefixes": ["partners/team-a/"]},
    {"name": "team-b", "prefixes": ["partners/team-b/"]},
    {"name": "portal", "prefixes": ["inline/"]},
]
GLOBEX = {"partner": "globex", "external_id": "external-globex"}


def run_file(stack: StackDriver, key: str, now: datetime = NOW) -> Run:
    """A run for a file."""
    return stack.run({"bucket": CONFIG_BUCKET, "key": key}, now)


def uploaded(stack: StackDriver, key: str, **changes: Any) -> Run:
    """Upload the example with changes, and run."""
    stack.upload(None, key, **changes)
    return run_file(stack, key)


def granted_to_a(stack: StackDriver, **changes: Any) -> None:
    """Scopes, and the grant `acme.main` by a file of team A."""
    stack.guard(scopes=SCOPES)
    assert uploaded(stack, A, **changes).outcome == "created"


def is_of_a(stack: StackDriver, name: str = "acme.main") -> bool:
    """Whether the record of a grant is still that of team A's file."""
    state = stack.grant(name)
    return (state["config_key"], state["scope"]) == (A, ["team-a"])
