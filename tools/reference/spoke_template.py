"""spoke.yaml, made from template.yaml: what an account needs, so that the stack can grant in it.

Boundaries and permissions are the hub's own, statement by statement, so that neither can have more
than the other. Only what the hub has for all accounts (table, buckets, schedules, logs) stays out.
"""

from typing import Any, override

import yaml

from tests.kit.template import properties
from tools.reference import spoke_parts as parts

HEAD = """\
# Made from template.yaml (`make docs`), which says why. For a StackSet, or a stack by itself:
# docs/spokes.md. There is no SAM transform, since StackSets take none.
"""

ROLES = {
    "plan": "PlanGrantRole",
    "plan-order": "PlanOrderRole",
    "grant": "GrantAccessRole",
    "suspend": "SuspendAccessRole",
    "revoke": "RevokeAccessRole",
    "check": "CheckDriftRole",
}
"""The roles of a spoke by the end of their names, and the hub's role that each trusts."""

BOUNDARIES = ("PermissionsBoundary", "KmsBoundary", "AuditBoundary")

IN_HUB = (
    "ClaimAndBind",
    "CompareGuardrails",
    "FindGrantsOnResources",
    "FindLiveGrants",
    "FindWaitingFiles",
    "Logs",
    "NoteLastUse",
    "ReadAllSchedules",
    "PublishNotices",
    "PutEvents",
    "ReadConfigs",
    "ReadConfigsOnRecord",
    "ReadPlans",
    "ReadRecords",
    "ReadSchedules",
    "RememberAccounts",
    "RememberTheRound",
    "RemoveSchedules",
    "RenewLease",
    "ScheduleExpiry",
    "SchedulesStartTheWorkflow",
    "SeeWhatIsMissing",
    "StartReconciliation",
    "StorePlans",
    "StoreWhatWasApplied",
    "TakeLeases",
    "Traces",
    "WorkInSpokes",
    "WriteInlineConfigs",
)
"""Statements about what is in the hub only: everything else of the six roles is a spoke's, too."""


def spoke_template() -> str:
    """The text of spoke.yaml."""
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Latchkey: lets a stack in another account grant partner roles here.",
        "Parameters": parts.PARAMETERS,
        "Conditions": parts.CONDITIONS,
        "Mappings": parts.MAPPINGS,
        "Resources": {
            **{name: _boundary(name) for name in BOUNDARIES},
            "Guardrails": parts.guardrails(properties("Guardrails")),
            **{_logical(name): _role(name, hub) for name, hub in ROLES.items()},
            **parts.forwarding(_trail()),
        },
        "Outputs": parts.OUTPUTS,
    }
    return HEAD + yaml.dump(body, Dumper=_Short, sort_keys=False, width=100, allow_unicode=True)


def statements(hub: str) -> list[dict[str, Any]]:
    """What of a hub's role is about partner roles and resources, and so a spoke's, too."""
    (policy,) = properties(hub)["Policies"]
    found = policy["PolicyDocument"]["Statement"]
    return [of_hub_stack(one) for one in found if one["Sid"] not in IN_HUB]


def of_hub_stack(value: Any) -> Any:
    """A value of template.yaml as it is in spoke.yaml: the stack is the hub's, not this one."""
    match value:
        case {"Ref": "AWS::StackName"}:
            return {"Ref": "HubStackName"}
        case {"Fn::Sub": str() as text}:
            return {"Fn::Sub": text.replace("${AWS::StackName}", "${HubStackName}")}
        case dict():
            return {name: of_hub_stack(each) for name, each in value.items()}
        case list():
            return [of_hub_stack(each) for each in value]
        case _:
            return value


def _logical(name: str) -> str:
    return "".join(map(str.title, name.split("-"))) + "Role"


def _role(name: str, hub: str) -> dict[str, Any]:
    function = properties(hub)["RoleName"]
    return parts.role(
        name,
        parts.trust(_in_hub_account(of_hub_stack(function))),
        [{"PolicyName": name, "PolicyDocument": _document(statements(hub))}],
    )


def _in_hub_account(role_name: dict[str, Any]) -> dict[str, Any]:
    """The ARN of a function's role in the hub, by how the hub's template names it."""
    text, names = role_name["Fn::Sub"]
    text = text.replace("${AWS::Region}", "${HubRegion}")
    return {"Fn::Sub": ["arn:${AWS::Partition}:iam::${HubAccount}:role/" + text, names]}


def _boundary(name: str) -> dict[str, Any]:
    found = of_hub_stack(properties(name))
    return {"Type": "AWS::IAM::ManagedPolicy", "Condition": "InHubRegion", "Properties": found}


def _document(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": found}


def _trail() -> dict[str, Any]:
    """The hub's pattern for changes of partner roles, but those by the hub's own sessions here."""
    trail = properties("CheckDriftFunction")["Events"]["Trail"]["Properties"]["Pattern"]
    base = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${HubStackName}-spoke-"
    own = [{"Fn::Sub": base + name} for name in ("grant", "revoke", "suspend")]
    issuer = {"arn": [{"exists": False}, {"anything-but": own}]}
    session = {"sessionContext": {"sessionIssuer": issuer}}
    return {**trail, "detail": {**trail["detail"], "userIdentity": session}}


class _Short(yaml.SafeDumper):
    """Short tags (`!Ref`), and no anchors: what is the same is written again."""

    @override
    def ignore_aliases(self, data: Any) -> bool:
        return data is not None


def _tagged(dumper: _Short, data: dict[str, Any]) -> yaml.Node:
    """A call of an intrinsic function by its tag, any other mapping as it is."""
    name, value = next(iter(data.items()))
    if len(data) > 1 or not (name == "Ref" or name.startswith("Fn::")):
        return dumper.represent_dict(data)
    tag = f"!{name.removeprefix('Fn::')}"
    if isinstance(value, str):
        return dumper.represent_scalar(tag, value)
    return dumper.represent_sequence(tag, value)


def _listed(dumper: _Short, data: list[Any]) -> yaml.Node:
    """Texts side by side: a template that is too long has to be put into a bucket first."""
    texts = all(isinstance(one, str) for one in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=texts)


_Short.add_representer(dict, _tagged)
_Short.add_representer(list, _listed)
