"""`latchkey import`: a rendered config comes back, and hand-made roles lose only what is told."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given

from latchkey.domain.catalogue import ENTRIES
from latchkey.domain.catalogue.custom import CustomAccess
from latchkey.domain.config import PartnerConfig
from latchkey.domain.config_reader import read_document
from latchkey.domain.glob import covers
from latchkey.domain.policies import permissions_policy, trust_policy
from latchkey_cli.importing.describe import Described, Said, describe
from latchkey_cli.importing.hand_made import HandMade
from tests.cli.desk import Desk
from tests.kit.documented.access import EXAMPLES
from tests.kit.examples import ACCOUNT, HOUSE, KEY_ARN, NOW, PLACE, config, facts_of
from tests.kit.stack.aws import aws
from tests.kit.strategies import documents

_TRUST_FIELDS = ("external_id", "starts_at", "expires_at", "organization_id", "require_mfa")


def made(asked: PartnerConfig, keys: tuple[str, ...] = ()) -> HandMade:
    """The role that Latchkey makes of a config, as if somebody had made it by hand."""
    return HandMade(
        name=f"partner-{asked.partner}.{asked.grant}",
        arn="arn:role",
        trust_policy=trust_policy(asked, asked.external_id or "made-for-you", PLACE),
        policies={"latchkey-access": permissions_policy(asked, facts_of(asked, keys=keys), PLACE)},
        description=f"{asked.purpose} (owner: {asked.owner})",
        max_session_duration=asked.max_session_duration,
        tags={**asked.tags, "latchkey:grant": f"{asked.partner}.{asked.grant}"},
    )


def imported(role: HandMade, said: Said | None = None) -> tuple[PartnerConfig, Described]:
    """The config of a role, which has to be valid, and all that was said of it."""
    described = describe(role, said or Said(owner="data-platform"), HOUSE, NOW)
    read = read_document(described.config, HOUSE, NOW)
    assert read.config, (described.config, read.problems, described.notes)
    return read.config, described


def _pairs(asked: PartnerConfig) -> set[tuple[str, str]]:
    """All actions with their resources that a config comes to."""
    document = permissions_policy(asked, facts_of(asked), PLACE)
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
    if entry is not CustomAccess
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
    (entry,) = found.access
    assert (entry.service, getattr(entry, "allow")) == (service, allow)  # noqa: B009
    assert _pairs(found) == _pairs(asked)
    assert described.notes == ()
    assert found.source_ips == asked.source_ips
    for name in (*_TRUST_FIELDS, "purpose", "max_session_duration", "partner"):
        assert getattr(found, name) == getattr(asked, name), name


@given(documents)
def test_what_a_config_gives_comes_back_and_nothing_more(document: dict[str, Any]) -> None:
    asked = read_document(document, HOUSE, NOW).config
    assert asked
    described = describe(made(asked), Said(owner="x"), HOUSE, NOW)
    found = read_document(described.config, HOUSE, NOW).config
    if found is None:  # more than a config can name, told as such
        assert described.problems
        return
    lost = [note for note in described.notes if note.kind == "lost"]
    assert lost or not _beyond(_pairs(asked), _pairs(found)), described
    harmless = {name for note in described.notes if note.kind == "added" for name in _names(note)}
    beyond = _beyond(_pairs(found), _pairs(asked))
    assert {action for action, _ in beyond} <= harmless, beyond
    assert {p.arn("aws") for p in found.principals} == {p.arn("aws") for p in asked.principals}
    assert (found.expires_at, found.starts_at) == (asked.expires_at, asked.starts_at)


def _names(note: Any) -> list[str]:
    return [name.strip() for name in note.text.partition(", which ")[0].split(",")]


TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "sts:AssumeRole",
    },
}


def _hand(*statements: Any, trust: Any = None, **fields: Any) -> HandMade:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return HandMade("Acme_ReadRole", "arn:role", trust or TRUST, {"inline": policy}, **fields)


def _allow(actions: Any, resources: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


SAID = Said(expires_at="2027-01-01T00:00:00Z")
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:acme/api"


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        (
            _allow(
                ["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b-b-b", "arn:aws:s3:::b-b-b/*"]
            ),
            {"service": "s3", "bucket": "b-b-b", "allow": "read"},
        ),
        (
            _allow("s3:PutObject", "arn:aws:s3:::b-b-b/in/*"),
            {"service": "s3", "bucket": "b-b-b", "prefix": "in/", "allow": "write"},
        ),
        (
            _allow("S3:*", ["arn:aws:s3:::b-b-b", "arn:aws:s3:::b-b-b/*"]),
            {"service": "s3", "bucket": "b-b-b", "allow": "read-write"},
        ),
        (
            _allow("secretsmanager:GetSecretValue", f"{SECRET}-??????"),
            {"service": "secretsmanager", "secret": "acme/api", "allow": "read"},
        ),
        (
            _allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], QUEUE),
            {"service": "sqs", "queue": "orders", "allow": "consume"},
        ),
    ],
)
def test_hand_made_statements_become_the_entry_that_is_meant(
    statement: dict[str, Any], entry: dict[str, Any]
) -> None:
    _, described = imported(_hand(statement), SAID)
    assert described.config["access"][0] == entry


def test_a_listing_bound_to_a_folder_is_one_of_the_folder() -> None:
    listing = _allow(
        "s3:ListBucket",
        "arn:aws:s3:::b-b-b",
        Condition={"StringLike": {"s3:prefix": ["", "in/*"]}},
    )
    objects = _allow("s3:GetObject", "arn:aws:s3:::b-b-b/in/*")
    _, described = imported(_hand(listing, objects), SAID)
    entry = {"service": "s3", "bucket": "b-b-b", "prefix": "in/", "allow": "read"}
    assert described.config["access"] == [entry]


def test_get_without_list_gives_no_list() -> None:
    _, described = imported(_hand(_allow("s3:GetObject", "arn:aws:s3:::b-b-b/*")), SAID)
    statement = {"Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::b-b-b/*"}
    assert described.config["access"] == [{"service": "custom", "statements": [statement]}]
    assert any("guardrails must allow" in note.text for note in described.notes)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (_allow("s3:GetObject", "*"), "names no resource"),
        (_allow("s3:GetObject", "arn:aws:s3:::logs-*/*"), "wildcard or variable"),
        (_allow("ec2:RunInstances", "*"), "outside of what partner roles may do"),
        (_allow("sqs:*", QUEUE), "sqs:* as a whole"),
        (_allow("kms:Decrypt", KEY_ARN), "use of keys behind resources is added"),
        (_allow("sqs:SendMessage", QUEUE.replace(ACCOUNT, "111122223333")), "lost"),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, "a Deny"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "NotAction"),
        ({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::x"}, "NotResource"),
        (
            _allow("sqs:SendMessage", QUEUE, Condition={"StringEqualsIfExists": {"x": "1"}}),
            "conditions that a config cannot have",
        ),
    ],
)
def test_what_is_not_kept_is_told_with_the_reason(statement: dict[str, Any], told: str) -> None:
    kept = _allow("sns:Publish", f"arn:aws:sns:us-east-1:{ACCOUNT}:events")
    _, described = imported(_hand(kept, statement), SAID)
    texts = [f"{note.kind} {note.text}" for note in described.notes]
    assert any(told in text for text in texts), texts


def test_statements_under_conditions_are_kept_with_them() -> None:
    condition = {"StringEquals": {"aws:SourceVpc": ["vpc-1"]}}
    _, described = imported(_hand(_allow("sqs:SendMessage", QUEUE, Condition=condition)), SAID)
    (entry,) = described.config["access"]
    assert entry["statements"][0]["Condition"] == condition


def _trust(principal: Any, **condition: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sts:AssumeRole",
        **({"Condition": condition} if condition else {}),
    }


PARTNER = {"AWS": "arn:aws:iam::444455556666:role/app"}
GRANTED = _allow("sqs:SendMessage", QUEUE)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (_trust("*"), "anybody in any account"),
        (_trust({"Service": "lambda.amazonaws.com"}), "a service principal"),
        (_trust({"Federated": "cognito-identity.amazonaws.com"}), "a federated principal"),
        (_trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), "needs no grant"),
        (_trust({"AWS": "AROAEXAMPLEEXAMPLE123"}), "was deleted"),
        (_trust({"AWS": "arn:aws:iam::444455556666:group/x"}), "not a principal"),
        (_trust({"AWS": "111122223333"}, Bool={"aws:ViaAWSService": "true"}), "a second grant"),
        ({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}, "a Deny"),
        (
            {"Effect": "Allow", "NotPrincipal": PARTNER, "Action": "sts:AssumeRole"},
            "trusts everybody else",
        ),
    ],
)
def test_trust_that_is_not_kept_is_told(statement: dict[str, Any], told: str) -> None:
    trust = {"Statement": [_trust(PARTNER), statement]}
    found, described = imported(_hand(GRANTED, trust=trust), SAID)
    assert [p.text for p in found.principals] == [PARTNER["AWS"]]
    assert any(told in note.text for note in described.notes if note.kind == "lost")


@pytest.mark.parametrize(
    ("condition", "fields", "told"),
    [
        (
            {"StringEquals": {"sts:ExternalId": "partner-1234"}},
            {"external_id": "partner-1234"},
            None,
        ),
        ({"StringEquals": {"sts:ExternalId": "short"}}, {"generate_external_id": True}, "wider"),
        ({"StringLike": {"sts:ExternalId": "part*"}}, {"generate_external_id": True}, "wider"),
        ({"Bool": {"aws:MultiFactorAuthPresent": True}}, {"require_mfa": True}, None),
        (
            {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
            {"source_ips": ["203.0.113.0/24"]},
            None,
        ),
        ({"StringEquals": {"aws:SourceVpc": "vpc-1"}}, {}, "wider"),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, {}, "wider"),
    ],
)
def test_trust_conditions_become_fields_or_are_told(
    condition: dict[str, Any], fields: dict[str, Any], told: str | None
) -> None:
    trust = {"Statement": [_trust(PARTNER, **condition)]}
    _, described = imported(_hand(GRANTED, trust=trust), SAID)
    assert fields.items() <= described.config.items()
    assert [n.kind for n in described.notes if n.kind == "wider"] == ([told] if told else [])


def test_an_account_bound_to_roles_becomes_these_roles() -> None:
    arn = "arn:aws:iam::444455556666:role/app"
    account = {"AWS": "arn:aws:iam::444455556666:root"}
    trust = {"Statement": [_trust(account, ArnEquals={"aws:PrincipalArn": arn})]}
    found, _ = imported(_hand(GRANTED, trust=trust), SAID)
    assert [p.text for p in found.principals] == [arn]


def test_names_owner_and_tags_come_from_the_role() -> None:
    tags = {"Team": "Data", "cost": "1", "aws:cloudformation:stack-name": "x"}
    _, described = imported(_hand(GRANTED, tags=tags, boundary_arn="arn:b"), SAID)
    config = described.config
    assert (config["partner"], config["grant"], config["owner"]) == (
        "acme-readrole",
        "main",
        "Data",
    )
    assert config["tags"] == {"Team": "Data", "cost": "1"}
    told = " ".join(note.text for note in described.notes)
    assert "arn:b" in told
    assert "aws:cloudformation:stack-name" in told


def test_too_many_entries_are_to_be_split() -> None:
    queues = [f"{QUEUE}-{number}" for number in range(21)]
    described = describe(_hand(_allow("sqs:SendMessage", queues)), SAID, HOUSE, NOW)
    assert any("split it" in note.text for note in described.notes)
    assert [problem.path for problem in described.problems] == ["/access"]


def _make(trust: Any, policy: Any) -> None:
    iam = aws("iam")
    policy = {"Version": "2012-10-17", **policy}
    iam.create_role(RoleName="by-hand", AssumeRolePolicyDocument=json.dumps(trust))
    arn = iam.create_policy(PolicyName="shared", PolicyDocument=json.dumps(policy))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="by-hand", PolicyArn=arn)


def test_command_writes_a_config_that_validates(desk: Desk) -> None:
    _make({"Statement": [_trust(PARTNER)]}, {"Statement": [GRANTED, _allow("ec2:*", "*")]})
    output = desk.folder / "by-hand.json"
    words = ["import", "by-hand", "--owner", "ops", "--partner", "globex", "-o", str(output)]
    found = desk(*words)
    assert found.exit_code == 2
    assert "the role never expires; say when" in found.stderr
    found = desk(*words, "--expires-at", "2027-01-01T00:00:00Z")
    assert found.exit_code == 0, found.stderr
    assert "Not kept:\n  shared/1: ec2:* as a whole" in found.stderr
    desk.ok("validate", str(output))
    assert json.loads(output.read_text())["partner"] == "globex"
    assert desk(*words, "--expires-at", "tomorrow").exit_code == 2


def test_command_says_why_a_role_cannot_be_described(desk: Desk) -> None:
    _make({"Statement": [_trust("*")]}, {"Statement": [_allow("ec2:*", "*")]})
    found = desk("import", "by-hand", "--expires-at", "2027-01-01T00:00:00Z")
    assert (found.exit_code, found.stdout) == (1, "")
    assert "by-hand cannot be described by a config" in found.stderr
    assert desk("import", "nobody").exit_code == 1


def test_a_role_of_ours_comes_back_as_its_file_was(desk: Desk) -> None:
    desk.house.granted()
    found = desk("import", "arn:aws:iam::123456789012:role/partners/partner-acme.main")
    assert found.exit_code == 0
    assert found.stderr == ""
    path = desk.folder / "again.json"
    path.write_text(found.stdout)
    assert "nothing would change" in desk.ok("plan", str(path))
