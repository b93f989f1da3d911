"""Whatever a valid config says, its role stays within the rules."""

import json
import re
from collections.abc import Iterator
from copy import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from latchkey.config.guardrails import Guardrails
from latchkey.config.reader import ReadConfig, read_document
from latchkey.config.rules import StackContext
from latchkey.config.schema import PartnerConfig
from latchkey.grant_id import GrantId
from latchkey.grants.lifecycle import Decision
from latchkey.grants.plan import GrantPlan
from latchkey.grants.policies import permissions_policy, trust_policy
from latchkey.grants.resources import Held
from latchkey.grants.role import DesiredRole, desired_role
from latchkey.grants.role_changes import plan_role
from latchkey.grants.sessions import with_cut_off
from latchkey.grants.validation import Lookups, Validation
from latchkey.services import boundary
from latchkey.services.reach import reach
from latchkey.times import instant
from latchkey.workflow.events import Execution
from latchkey.workflow.plan.context import (
    CurrentConfig,
    GrantReference,
    PlanningContext,
    Snapshot,
)
from latchkey.workflow.plan.decisions import Decided, Provide, Reject
from latchkey.workflow.plan.render import render
from tests.kit.examples import NAMING, NOW, arn_of
from tests.kit.known_actions import KNOW_NO_RESOURCE, reach_of
from tests.kit.strategies import Sample, samples

DNS_SUFFIX = {
    "aws": "amazonaws.com",
    "aws-us-gov": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-eusc": "amazonaws.eu",
    "aws-iso-b": "sc2s.sgov.gov",
}


def _role(ask: Sample) -> DesiredRole:
    arn = arn_of(ask.config, ask.environment)
    trust = trust_policy(ask.config, ask.config.external_id, ask.environment, arn)
    permissions = permissions_policy(ask.config, ask.resources, ask.environment, arn)
    return desired_role(ask.config, NAMING, trust, permissions)


def _statements(ask: Sample) -> Iterator[tuple[int, dict[str, Any]]]:
    """The statements of the permissions policy, each with the number of its entry."""
    for statement in _role(ask).permissions_policy["Statement"]:
        if statement["Sid"] == "SelfAssume" and ask.config.self_assume:
            continue
        number = re.match(r"Access(\d+)[A-Z]", statement["Sid"])
        assert number
        yield int(number.group(1)), statement


@given(samples())
def test_every_allow_has_the_dates_of_the_grant(ask: Sample) -> None:
    role, config = _role(ask), ask.config
    for policy in (role.trust_policy, role.permissions_policy):
        for statement in policy["Statement"]:
            assert statement["Effect"] == "Allow"
            condition = statement["Condition"]
            assert condition["DateLessThan"] == {"aws:CurrentTime": instant(config.ends_at)}
            begins = condition.get("DateGreaterThanEquals")
            start = {"aws:CurrentTime": instant(config.starts_at)} if config.starts_at else None
            assert begins == start


@given(samples())
def test_trust_is_in_the_named_principals_with_the_external_id(ask: Sample) -> None:
    statement, *beside = _role(ask).trust_policy["Statement"]
    root = f"arn:{ask.environment.partition}:iam::{{}}:root"
    named = {p if p.startswith("arn:") else root.format(p) for p in ask.document["principals"]}
    assert set(statement["Principal"]["AWS"]) == named
    assert statement["Action"] == "sts:AssumeRole"
    given = ask.document["external_id"]
    accepted = sorted({given} if isinstance(given, str) else {*given})
    found = statement["Condition"]["StringEquals"]["sts:ExternalId"]
    assert (sorted(found) if isinstance(found, list) else [found]) == accepted
    itself = arn_of(ask.config, ask.environment)
    for one in beside:
        if ask.config.self_assume and one["Sid"] in ("SelfAssume", "SelfSession"):
            assert one["Principal"] == {"AWS": [root.format(ask.environment.account)]}
            assert one["Condition"]["ArnEquals"] == {"aws:PrincipalArn": itself}
        else:
            assert one["Principal"] == statement["Principal"]
            assert one["Action"] in ("sts:TagSession", "sts:SetSourceIdentity")


@given(samples())
def test_every_resource_is_one_that_its_entry_names_or_its_key(ask: Sample) -> None:
    for number, statement in _statements(ask):
        found = ask.resources[number]
        implied = [one for info in found for one in info.implied]
        keys = {key for info in (*found, *implied) for key in info.kms_keys}
        entry = ask.document["access"][number]
        of_kms = entry["service"] != "kms" and statement["Action"][0].startswith("kms:")
        may = keys if of_kms else reach_of(entry, found[0].arn)
        may |= {arn for one in implied for arn in (one.arn, one.arn.partition("/")[0])}
        assert statement["Resource"]
        if statement["Resource"] == ["*"]:
            assert set(statement["Action"]) <= KNOW_NO_RESOURCE
            continue
        assert set(statement["Resource"]) <= may
        assert all(re.fullmatch(r"[^*?$]+((/\*){1,3}|:\*|:log-stream:\*)?", one) for one in may)


@given(samples())
def test_guardrails_get_all_that_statements_reach(ask: Sample) -> None:
    """Denying what any one statement is about, exactly as it stands there, is enough."""
    for number, statement in _statements(ask):
        entry, found = ask.config.access[number], ask.resources[number]
        if set(statement["Action"]) == {"ecr:GetAuthorizationToken"}:
            continue  # reaches nothing by itself
        for resource in statement["Resource"]:
            reached = reach(entry, found, ask.environment)
            assert any(each.touched_by(resource) for each in reached), resource


@given(samples())
def test_statements_are_plain_exact_and_within_the_boundary(ask: Sample) -> None:
    statements = [statement for _, statement in _statements(ask)]
    names = {statement["Sid"] for statement in statements}
    assert len(names) == len(statements)
    assert all(re.fullmatch(r"[A-Za-z0-9]+", name) for name in names)
    within = boundary.of_kind(*boundary.kinds_of(one.service for one in ask.config.access))
    for statement in statements:
        assert statement.keys() == {"Sid", "Effect", "Action", "Resource", "Condition"}
        assert set(statement["Action"]) <= within | {*boundary.KEY_ACTIONS}


@given(samples())
def test_every_entry_has_statements_of_its_own(ask: Sample) -> None:
    numbers = [number for number, _ in _statements(ask)]
    assert numbers == sorted(numbers) and {*numbers} == {*range(len(ask.config.access))}


@given(samples())
def test_conditions_have_values_and_wildcards_only_where_they_count(ask: Sample) -> None:
    for _, statement in _statements(ask):
        for operator, keys in statement["Condition"].items():
            assert keys
            assert all(value not in ("", [], None) for value in keys.values())
            assert operator == "StringLike" or "*" not in str(keys)


def _implied(ask: Sample, number: int) -> list[str]:
    return [one.arn for info in ask.resources[number] for one in info.implied]


@given(samples())
def test_keys_are_used_through_one_service_in_one_region_only(ask: Sample) -> None:
    environment = ask.environment
    for number, statement in _statements(ask):
        kms = {action.startswith("kms:") for action in statement["Action"]}
        assert len(kms) == 1
        if kms == {True} and ask.document["access"][number]["service"] != "kms":
            through = statement["Condition"]["StringEquals"]["kms:ViaService"]
            service, _, rest = through.partition(".")
            implied = {arn.split(":")[2] for arn in _implied(ask, number)}
            named = {named.service for named in ask.config.access[number].named()}
            assert service in (implied or named)
            assert rest == f"{environment.region}.{DNS_SUFFIX[environment.partition]}"


@given(samples())
def test_partition_is_that_of_the_stack_everywhere(ask: Sample) -> None:
    role = _role(ask)
    text = json.dumps([role.trust_policy, role.permissions_policy])
    assert set(re.findall(r"arn:(aws[a-z-]*):", text)) == {ask.environment.partition}


def _decided(ask: Sample, config: PartnerConfig, times: int) -> Decided:
    """A config that is to be provided, with what its entries name looked up."""
    grant = GrantId(config.partner, config.grant)
    reference = GrantReference(Execution("arn:run", "run"), NOW, grant=grant)
    current = CurrentConfig(read=ReadConfig(grant, config))
    context = PlanningContext(reference, NAMING, ask.environment, config=current)
    found = Held(tuple(map(tuple, ask.resources * times)))
    rules = Guardrails(version=1)
    lookups = Lookups(tuple(config.access), tuple(config.principals), rules, "1", ())
    ids = config.external_ids or ("made-for-you",)
    snapshot = Snapshot(context, Validation(lookups, found), ids)
    return Decided(snapshot, Provide(Decision("present", "active", "because"), config))


@given(samples(), st.integers(1, 8))
def test_documents_fit_into_iam_or_are_rejected(ask: Sample, times: int) -> None:
    config = ask.config.model_copy(update={"access": ask.config.access * times})
    arn = arn_of(config, ask.environment)
    document = permissions_policy(config, ask.resources * times, ask.environment, arn)
    trust = trust_policy(config, config.external_ids or ("made-for-you",), ask.environment, arn)
    limits = {
        "/principals": (trust, ask.environment.trust_policy_limit),
        "/access": (with_cut_off(document, "2026-01-15T12:01:00Z"), 10_240),
    }
    sizes = {at: len(json.dumps(text, separators=(",", ":"))) for at, (text, _) in limits.items()}
    over = {at: sizes[at] - limit for at, (_, limit) in limits.items() if sizes[at] > limit}
    rendered = render(_decided(ask, config, times))
    if over:
        assert isinstance(rendered.verdict, Reject)
        assert len(rendered.verdict.problems) == len(over)
        for problem in rendered.verdict.problems:
            at = "/access" if problem.path == "/access" else "/principals"
            assert f"would be {over[at]} characters over" in problem.message
        assert rendered.role is None
        return
    role = rendered.role
    assert role
    assert (role.trust_policy, role.permissions_policy) == (trust, document)


@given(samples())
def test_iam_accepts_name_description_and_tags(ask: Sample) -> None:
    role = _role(ask)
    assert re.fullmatch(r"[\w+=,.@-]{1,64}", role.name, re.ASCII)
    assert ask.config.role_name or re.fullmatch(r"[a-z0-9.-]+", role.name)
    assert re.fullmatch(r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]{0,1000}", role.description)
    assert len(role.tags) <= 50
    for key, value in role.tags.items():
        assert re.fullmatch(r"[\w .:/=+\-@]{1,128}", key)
        assert re.fullmatch(r"[\w .:/=+\-@]{0,256}", value)


@given(samples())
def test_plan_survives_its_way_through_the_workflow(ask: Sample) -> None:
    role = _role(ask)
    changes = plan_role(role, None)
    plan = GrantPlan("grant", "created", "t", "because", changes=changes, desired=role)
    text = json.dumps(plan.document())
    assert GrantPlan.from_document(json.loads(text)) == plan
    assert len(text) < 262_144


@given(samples())
def test_same_config_renders_the_same_role(ask: Sample) -> None:
    again = read_document(ask.document, StackContext(ask.environment), NOW).config
    assert again
    assert _role(replace(ask, config=again)) == _role(ask)
