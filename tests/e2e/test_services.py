"""Every service of the catalogue, from config to role to the partner's work, with and without keys.

The partner's sessions are held to the role's policies by the sandbox; each one does what it was
given, and is refused on a neighbour whose name begins with the name that it was given.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.demo.people import Partner
from tests.e2e.conftest import Case
from tests.e2e.services import KEYED, SERVICES
from tests.kit.outside import Outside
from tests.kit.resources import Clients, make_database

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Granted:
    """A grant of one entry per service: its statements, and the partner's clients."""

    statements: list[dict[str, Any]]
    clients: Clients
    names: dict[str, str]
    key: str | None

    def key_statements(self, service: str) -> list[dict[str, Any]]:
        """The key statements of a service's entry."""
        sid = f"Access{list(self.names).index(service)}Key"
        return [statement for statement in self.statements if statement["Sid"] == sid]


PORTION = 8
"""Entries of one grant: the statements of all services are more than one policy may hold."""

type ByService = Mapping[str, Granted]


def _granted(outside: Outside, case: Case, services: Sequence[str], *, keyed: bool) -> Granted:
    aws = outside.box.client
    key = str(aws("kms").create_key()["KeyMetadata"]["Arn"]) if keyed else None
    names, access = {}, []
    for number, which in enumerate(services):
        service = SERVICES[which]
        names[which] = name = f"{case.partner}-{number}"
        for made in (name, f"{name}2"):
            service.make(aws, made, key)
        filled = {
            field: value.format(name) if isinstance(value, str) else value
            for field, value in service.entry.items()
        }
        access.append({"service": which, **filled})
    result = outside.upload(case.key, case.config(access=access))
    assert result["outcome"] == "created", json.dumps(result["problems"], indent=1)
    role = outside.role(case.role)
    assert role is not None
    session = Partner(outside.box.url).assume(role["Arn"], f"external-{case.partner}")
    statements = role["InlinePolicies"]["latchkey-access"]["Statement"]
    return Granted(statements, session.client, names, key)


@pytest.fixture(scope="module", params=[False, True], ids=["without keys", "with keys"])
def every(request: pytest.FixtureRequest, outside: Outside, new_case: Any) -> ByService:
    """All services, in as few grants as hold them, without and with a customer-managed key."""
    found: dict[str, Granted] = {}
    for services in batched(SERVICES, PORTION, strict=False):
        made = _granted(outside, new_case(), services, keyed=request.param)
        found |= dict.fromkeys(services, made)
    return found


@pytest.fixture
def granted(every: ByService, service: str) -> Granted:
    """The grant that has a service."""
    return every[service]


@pytest.mark.parametrize("service", SERVICES)
def test_partner_does_its_work_and_is_kept_from_the_neighbour(
    outside: Outside, granted: Granted, service: str
) -> None:
    before = len(outside.box.calls())
    SERVICES[service].work(granted.clients, granted.names[service])
    needed = [
        need for call in outside.box.calls()[before:] for need in call["required_permissions"]
    ]
    with pytest.raises(ClientError, match="not authorized"):
        SERVICES[service].stray(granted.clients, f"{granted.names[service]}2")
    behind = (need for need in needed if service != "kms")  # which is a key itself
    keys = {need["resource"] for need in behind if need["action"].startswith("kms:")}
    assert keys == ({granted.key} if granted.key and service in KEYED else set())


@pytest.mark.parametrize("service", [next(iter(SERVICES))])
def test_key_is_of_no_use_outside_of_what_was_granted(granted: Granted, service: str) -> None:
    assert service
    if granted.key:
        with pytest.raises(ClientError, match=r"not authorized to perform: kms:GenerateDataKey"):
            granted.clients("kms").generate_data_key(KeyId=granted.key, KeySpec="AES_256")


@pytest.fixture
def catalog_key(outside: Outside) -> Iterator[str]:
    """A key for all of the Data Catalog, which it has for this test only."""
    aws = outside.box.client
    key = str(aws("kms").create_key()["KeyMetadata"]["Arn"])
    yield key
    plain = {"EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"}}
    aws("glue").put_data_catalog_encryption_settings(DataCatalogEncryptionSettings=plain)


@pytest.mark.parametrize("service", ["glue", "glue write"])
def test_metadata_of_an_encrypted_catalog_is_read_and_changed_with_its_key(
    outside: Outside, case: Case, catalog_key: str, service: str
) -> None:
    """Planning reads it too, with a use of the key that its role has for the catalog only."""
    name, before = case.partner, len(outside.box.calls())
    make_database(outside.box.client, name, catalog_key)
    wanted = {key: [value, name][value == "{}"] for key, value in SERVICES[service].entry.items()}
    entry = {"service": "glue", **wanted}
    assert outside.upload(case.key, case.config(access=[entry]))["outcome"] == "created"
    session = Partner(outside.box.url).assume(
        outside.state(name)["role_arn"], f"external-{case.partner}"
    )
    SERVICES[service].work(session.client, name)
    used = {
        (call["caller"] == "PlanGrantFunction", need["action"])
        for call in outside.box.calls()[before:]
        for need in call["required_permissions"]
        if need["resource"] == catalog_key and need["context"].get("kms:ViaService")
    }
    writes = {"kms:Encrypt", "kms:GenerateDataKey"} if service == "glue write" else set()
    assert used >= {(True, "kms:Decrypt"), (False, "kms:Decrypt"), *((False, w) for w in writes)}
    with pytest.raises(ClientError, match=r"not authorized to perform: kms:Decrypt"):
        session.client("kms").decrypt(KeyId=catalog_key, CiphertextBlob=b"x")


def test_stack_has_its_guardrails(outside: Outside) -> None:
    found = outside.box.client("ssm").get_parameter(Name="/latchkey/guardrails")["Parameter"]
    assert json.loads(found["Value"]) == {"version": 1, "allow_custom": False}


@pytest.mark.parametrize("service", KEYED)
def test_key_is_allowed_through_its_service_only_and_only_where_there_is_one(
    granted: Granted, service: str
) -> None:
    statements = granted.key_statements(service)
    if granted.key is None:
        assert statements == []
        return
    (statement,) = statements
    assert statement["Resource"] == [granted.key]
    via = statement["Condition"]["StringEquals"]["kms:ViaService"]
    through = SERVICES[service].key_through or service.split(maxsplit=1)[0]
    assert via == f"{through}.us-east-1.amazonaws.com"
    context = json.dumps(statement["Condition"])
    assert "kms:EncryptionContext:" in context
    assert granted.names[service] in context
