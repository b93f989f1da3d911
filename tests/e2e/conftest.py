"""A sandbox for each worker; each test has a partner and resources of its own."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox import Sandbox
from tests.kit.outside import Outside

GUARDRAILS = "/latchkey/guardrails"
_numbers = itertools.count(1)


_JOURNAL = (
    "test_account_access",
    "test_drift",
    "test_expiry",
    "test_file_lifecycle",
    "test_emergency_suspend",
    "test_workflow_input",
    "test_function_roles",
)


_LONGEST = (
    "test_handoff",
    "test_cli",
    "test_teardown",
    "test_two_stacks",
    "test_vendor_roles",
    "test_services",
    "test_overtaking",
    "test_layers",
    "test_notices",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules may run side by side, each in the sandbox of its worker; but for some.

    The tests of the journal look back at what others did, so they come last in one sandbox. What
    takes longest comes first, so that no worker is left alone with it in the end.
    """
    items.sort(key=_rank)
    for item in items:
        if item.path.stem in _JOURNAL:
            item.add_marker(pytest.mark.journal)


def _rank(item: pytest.Item) -> int:
    if item.path.stem == "test_function_roles":
        return len(_LONGEST) + 1
    return _LONGEST.index(item.path.stem) if item.path.stem in _LONGEST else len(_LONGEST)


@pytest.fixture(scope="session")
def box() -> Iterator[Sandbox]:
    """A running sandbox, of this worker."""
    with Sandbox() as running:
        yield running


@dataclass
class Case:
    """A partner that no other test has, with a bucket and a secret to give access to."""

    partner: str
    bucket: str
    secret: str
    expires_at: str

    @property
    def key(self) -> str:
        """The key of the partner's config file."""
        return f"partners/{self.partner}.json"

    @property
    def role(self) -> str:
        """The name of the role that the grant owns."""
        return f"partner-{self.partner}.main"

    def config(self, **changes: Any) -> dict[str, Any]:
        """A valid config of the partner, with changes."""
        return {
            "version": 1,
            "partner": self.partner,
            "purpose": "Nightly report exchange",
            "owner": "data-platform",
            "principals": ["444455556666"],
            "external_id": f"external-{self.partner}",
            "expires_at": self.expires_at,
            "access": [
                {"service": "s3", "bucket": self.bucket, "prefix": "in", "allow": "read-write"},
                {"service": "secretsmanager", "secret": self.secret, "allow": "read"},
            ],
            **changes,
        }


@pytest.fixture(scope="session")
def outside(box: Sandbox) -> Outside:
    """An AWS client that knows the contract only."""
    return Outside(box)


@pytest.fixture(scope="session")
def new_case(outside: Outside) -> Callable[[], Case]:
    """Makes partners that no other test has."""
    return lambda: new_partner(outside)


@pytest.fixture
def case(outside: Outside) -> Case:
    """A partner of the test's own."""
    return new_partner(outside)


@pytest.fixture
def security(outside: Outside) -> Iterator[Any]:
    """Writes guardrails; puts back what was there."""
    ssm = outside.box.client("ssm")
    before = ssm.get_parameter(Name=GUARDRAILS)["Parameter"]["Value"]

    def write(text: str) -> None:
        ssm.put_parameter(Name=GUARDRAILS, Value=text, Type="String", Overwrite=True)

    yield lambda **rules: write(json.dumps({"version": 1, **rules}))
    write(before)


@pytest.fixture(scope="module", autouse=True)
def _leaves_no_strange_role(outside: Outside) -> Iterator[None]:
    """What a module leaves is found by the next one of its worker, and that differs by the run."""
    yield
    for role in outside.iam.list_roles(PathPrefix="/partners/", MaxItems=1000)["Roles"]:
        tags = outside.iam.list_role_tags(RoleName=role["RoleName"])["Tags"]
        assert "latchkey:grant" in {tag["Key"] for tag in tags}, role["RoleName"]


@pytest.fixture(scope="module")
def once(outside: Outside) -> Case:
    """A partner of the module's own."""
    return new_partner(outside)


def new_partner(outside: Outside) -> Case:
    number = next(_numbers)
    made = Case(f"e2e-{number}", f"e2e-{number}", f"e2e/{number}", outside.in_(hours=24 * 365))
    outside.s3.create_bucket(Bucket=made.bucket)
    outside.secrets.create_secret(Name=made.secret, SecretString="a value")
    return made
