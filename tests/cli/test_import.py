"""`latchkey import`: a rendered config comes back, and the command writes one."""

import json
from copy import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from moto.iam.aws_managed_policies import aws_managed_policies_data

from latchkey.config.reader import read_document
from latchkey.config.schema import PartnerConfig
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.iam.patterns import covers
from latchkey.services.account.entry import AccountAccess
from latchkey.services.catalogue import ENTRIES
from latchkey.services.custom.entry import CustomAccess
from latchkey.services.registry import spec
from latchkey_cli.importing.config import import_role
from latchkey_cli.importing.role import ExistingRole
from latchkey_cli.importing.role_fields import ImportOptions
from tests.cli.desk import Desk
from tests.cli.hand_made import GRANTED, PARTNER, allow_statement, imported, trust_of
from tests.kit.documented.access import EXAMPLES
from tests.kit.examples import (
    AWS_ENVIRONMENT,
    KEY_ARN,
    NOW,
    STACK_CONTEXT,
    arn_of,
    config,
    resources_of,
)
from tests.kit.stack.aws import aws
from tests.kit.strategies import documents

_TRUST_FIELDS = (
    *("external_id", "starts_at", "expires_at", "organization_id", "require_mfa"),
    *("session_tags", "source_identity", "self_assume"),
)


def made(asked: PartnerConfig, keys: tuple[str, ...] = ()) -> ExistingRole:
    """The role that Latchkey makes of a config, as if somebody had made it by hand."""
    return ExistingRole(
        name=f"partner-{asked.partner}.{asked.grant}",
        arn=arn_of(asked),
        trust_policy=trust_policy(
            asked, asked.external_id or "made-for-you", AWS_ENVIRONMENT, arn_of(asked)
        ),
        policies={
            "latchkey-access": permissions_policy(
                asked, resources_of(asked, keys=keys), AWS_ENVIRONMENT, arn_of(asked)
            )
        },
        description=f"{asked.purpose} (owner: {asked.owner})",
        max_session_duration=asked.max_session_duration,
        tags={**asked.tags, "latchkey:grant": f"{asked.partner}.{asked.grant}"},
    )


def _pairs(asked: PartnerConfig) -> set[tuple[str, str]]:
    """All actions with their resources that a config comes to."""
    document = permissions_policy(asked, resources_of(asked), AWS_ENVIRONMENT)
    return {
        (action, resource)
        for statement in document["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


def _beyond(some: set[tuple[str, str]], others: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """What of some is not within others."""
    return [
        (action, resource)
        for action, resource in some
        if not any(action == other and covers(wide, resource) for other, wide in others)
    ]


SERVICES = [
    (get_args(entry.model_fields["service"].annotation)[0], allow)
    for entry in ENTRIES
    if entry not in (CustomAccess, AccountAccess)  # the latter: below
    for allow in get_args(entry.model_fields["allow"].annotation)
]


@pytest.mark.parametrize("keys", [(), (KEY_ARN,)], ids=["", "under a key"])
@pytest.mark.parametrize(("service", "allow"), SERVICES)
def test_every_kind_of_access_comes_back(service: str, allow: str, keys: tuple[str, ...]) -> None:
    asked = config(
        access=[{"service": service, **EXAMPLES[service], "allow": allow}],
        starts_at="2027-01-01T00:00:00Z",
        source_ips=["203.0.113.0/24"],
        organization_id="o-a1b2c3d4e5",
        require_mfa=True,
        max_session_duration=7200,
    )
    found, described = imported(made(asked, keys))
    entry, *others = found.access
    if spec(service).example_implied:  # nobody can tell that these belong to it
        entry = next(one for one in found.access if one.service == service)
        others = []
    assert (entry.service, getattr(entry, "allow")) == (service, allow)  # noqa: B009
    assert not others
    assert _pairs(found) >= _pairs(asked)
    if not spec(service).example_implied:
        assert _pairs(found) == _pairs(asked)
        assert described.notes == ()
    assert found.source_ips == asked.source_ips
    for name in (*_TRUST_FIELDS, "purpose", "max_session_duration", "partner"):
        assert getattr(found, name) == getattr(asked, name), name


@pytest.mark.parametrize(("allow", "arn"), spec("account").managed.items())
def test_access_to_the_account_comes_back(allow: str, arn: str) -> None:
    name = arn.rpartition("/")[2]
    asked = config(access=[{"service": "account", "allow": allow}])
    role = made(asked)
    attached = f"arn:aws:iam::aws:policy/{arn.partition(':policy/')[2] or arn}"
    policies = {**role.policies, name: json.loads(aws_managed_policies_data)[name]["Document"]}
    described = import_role(
        replace(role, policies=policies, attached={name: attached}),
        ImportOptions(owner="data-platform"),
        STACK_CONTEXT,
        NOW,
        ["iam:Get*", "budgets:View*"],
    )
    assert described.config["access"] == [{"service": "account", "allow": allow}]
    assert not described.problems
    assert [note.kind for note in described.notes] == ["lost"]


@given(documents)
def test_what_a_config_gives_comes_back_and_nothing_more(document: dict[str, Any]) -> None:
    asked = read_document(document, STACK_CONTEXT, NOW).config
    assert asked
    described = import_role(made(asked), ImportOptions(owner="x"), STACK_CONTEXT, NOW)
    found = read_document(described.config, STACK_CONTEXT, NOW).config
    if found is None:  # more than a config can name, reported as such
        assert described.problems
        return
    lost = [note for note in described.notes if note.kind == "lost"]
    assert lost or not _beyond(_pairs(asked), _pairs(found)), described
    harmless = {name for note in described.notes if note.kind == "added" for name in _names(note)}
    beyond = _beyond(_pairs(found), _pairs(asked))
    assert {action for action, _ in beyond} <= harmless, beyond
    named = {p.arn("aws") for p in asked.named_principals}
    assert {p.arn("aws") for p in found.named_principals} == named
    assert (found.expires_at, found.starts_at) == (asked.expires_at, asked.starts_at)


def _names(note: Any) -> list[str]:
    return [name.strip() for name in note.text.partition(", which ")[0].split(",")]


def _make(trust: Any, policy: Any) -> None:
    iam = aws("iam")
    policy = {"Version": "2012-10-17", **policy}
    iam.create_role(RoleName="by-hand", AssumeRolePolicyDocument=json.dumps(trust))
    arn = iam.create_policy(PolicyName="shared", PolicyDocument=json.dumps(policy))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="by-hand", PolicyArn=arn)


def test_command_writes_a_config_that_validates(desk: Desk) -> None:
    _make(
        {"Statement": [trust_of(PARTNER)]}, {"Statement": [GRANTED, allow_statement("ec2:*", "*")]}
    )
    output = desk.folder / "by-hand.json"
    words = ["import", "by-hand", "--owner", "ops", "--partner", "globex", "-o", str(output)]
    found = desk(*words)
    assert found.exit_code == 2
    assert "the role never expires; set the end" in found.stderr
    found = desk(*words, "--expires-at", "2027-01-01T00:00:00Z")
    assert found.exit_code == 0, found.stderr
    assert "Not kept:\n  ec2:*: out of scope: changes resources" in found.stderr
    desk.ok("validate", str(output))
    assert json.loads(output.read_text())["partner"] == "globex"
    assert output.stat().st_mode & 0o777 == 0o600, "it has the external ID of the role"
    assert desk(*words, "--expires-at", "tomorrow").exit_code == 2


def test_command_says_why_a_role_cannot_be_described(desk: Desk) -> None:
    _make({"Statement": [trust_of("*")]}, {"Statement": [allow_statement("ec2:*", "*")]})
    found = desk("import", "by-hand", "--expires-at", "2027-01-01T00:00:00Z")
    assert (found.exit_code, found.stdout) == (1, "")
    assert "by-hand cannot be described by a config" in found.stderr
    assert desk("import", "nobody").exit_code == 1


def test_a_role_of_ours_comes_back_as_its_file_was(desk: Desk) -> None:
    desk.stack.granted()
    found = desk("import", "arn:aws:iam::123456789012:role/partners/partner-acme.main")
    assert found.exit_code == 0
    assert found.stderr == ""
    path = desk.folder / "again.json"
    path.write_text(found.stdout)
    assert "nothing would change" in desk.ok("plan", str(path))
