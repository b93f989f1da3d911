"""Findings about what a role may do; what an action is good for is cloudsplaining's to say.

Only what a role may do on everything is found: partners' roles are there to read one bucket.
Conditions count as if they were not there, unless one names resources, accounts or tags: times and
networks leave everything within reach.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from latchkey.iam.statement import Statement, statements_of
from latchkey_cli.auditing.finding import AuditFinding
from latchkey_cli.auditing.itself import own_changes
from latchkey_cli.auditing.requirements import narrows

_DATA = frozenset(
    {
        "athena:getqueryresults",
        "dynamodb:batchgetitem",
        "dynamodb:getitem",
        "dynamodb:getrecords",
        "dynamodb:partiqlselect",
        "dynamodb:query",
        "dynamodb:scan",
        "kinesis:getrecords",
        "kms:decrypt",
        "logs:filterlogevents",
        "logs:getlogevents",
        "logs:startquery",
        "rds-data:executestatement",
        "redshift-data:getstatementresult",
        "s3:getobject",
        "s3:getobjectversion",
        "secretsmanager:batchgetsecretvalue",
        "secretsmanager:getsecretvalue",
        "sqs:receivemessage",
        "ssm:getparameter",
        "ssm:getparameters",
        "ssm:getparametersbypath",
    }
)
"""Actions whose answer is data that customers keep, in lower case (service authorization reference:
access level Read, on objects, items, records, messages, log events, secrets and parameters)."""
_SHOWN = 4


def permission_findings(
    policies: Mapping[str, Any], boundary: Mapping[str, Any] | None, role_arn: str
) -> Iterator[AuditFinding]:
    """What is wrong with a role's policies, by name, within its permissions boundary, if any.

    Managed policies have their ARNs as names.
    """
    allowed = _Everything(policies.values())
    limit = None if boundary is None else _Everything([boundary])
    within = set(allowed.actions if limit is None else allowed.actions & limit.actions)
    if allowed.all_of_it and (limit is None or limit.all_of_it):
        text = "may do everything: it is an administrator of the account"
        remedy = "Name the actions and resources that the partner needs"
        yield AuditFinding("administrator", "high", text, remedy)
        return
    itself = own_changes(policies, boundary, role_arn)
    if ways := [*itself, *allowed.escalations(within), *_any_role(within)]:
        text = f"may make itself an administrator: {_some(ways)}"
        remedy = "Remove these actions, or name the resources that they may be used on"
        yield AuditFinding("privilege-escalation", "high", text, remedy)
    if data := sorted(action for action in within if action.lower() in _DATA):
        text = f"reads the data of everything in the account: {_some(data)}"
        remedy = "Name the buckets, secrets, tables and so on that the partner needs"
        yield AuditFinding("all-data", "high", text, remedy)
    if changes := sorted(within & allowed.changing):
        text = f"may change any resource: {_some(changes)}"
        yield AuditFinding("changes-everything", "medium", text, "Name the resources")
    services = allowed.whole_services
    if limit is not None and not limit.all_of_it:
        services &= limit.whole_services
    if services:
        text = f"has every action of {_some(sorted(services))}, on every resource"
        remedy = "Name the actions that the partner needs; new ones of AWS are included otherwise"
        yield AuditFinding("service-wildcard", "medium", text, remedy)


def _any_role(within: Iterable[str]) -> list[str]:
    assumes = any(action.lower() == "sts:assumerole" for action in within)
    return ["AssumeRole on any role that trusts the account"] if assumes else []


class _Everything:
    """What policies allow on everything, by all of them together: Deny statements count."""

    def __init__(self, policies: Iterable[Any]) -> None:
        from cloudsplaining.scan.policy_document import PolicyDocument

        statements = [s for policy in policies for s in statements_of(policy)]
        on_everything = [known for s in statements if (known := _on_everything(s))]
        document = {"Version": "2012-10-17", "Statement": on_everything or [_NOTHING]}
        self._read = PolicyDocument(document)
        self.actions = frozenset(self._read.all_allowed_unrestricted_actions)
        denied = any(s["Effect"] == "Deny" for s in on_everything)
        self.all_of_it = not denied and any("*" in s.get("Action", ()) for s in on_everything)

    @property
    def changing(self) -> frozenset[str]:
        """Actions of the access levels Write, Permissions management and Tagging."""
        read = self._read
        return frozenset(
            {
                *read.write_actions_without_constraints,
                *read.permissions_management_without_constraints,
                *read.tagging_actions_without_constraints,
            }
        )

    @property
    def whole_services(self) -> frozenset[str]:
        """The services of which every action is allowed."""
        return frozenset(self._read.service_wildcard)

    def escalations(self, within: set[str]) -> list[str]:
        """The known ways to more permissions whose actions are all at hand."""
        lower = {action.lower() for action in within}
        return sorted(
            str(way["type"])
            for way in self._read.allows_privilege_escalation
            if {str(action).lower() for action in way["actions"]} <= lower
        )


_NOTHING = {"Effect": "Deny", "Action": ["*"], "Resource": ["*"]}


def _on_everything(statement: Statement) -> dict[str, Any] | None:
    """A statement about everything, as plain as cloudsplaining reads it; None for all others."""
    narrow = any(map(narrows, statement.conditions))
    if statement.effect == "Deny" and statement.conditions:
        return None  # it does not always deny
    if narrow or not _all_resources(statement):
        return None
    found = {"Effect": statement.effect, "Resource": ["*"]}
    if statement.not_actions is not None:
        return {**found, "NotAction": _plain(statement.not_actions)}
    return {**found, "Action": _plain(statement.actions)}


def _plain(actions: Iterable[str]) -> list[str]:
    """Actions in lower case, since IAM takes any; those that match everything as `*`."""
    return [action.lower() if set(action) - set("*:") else "*" for action in actions]


def _all_resources(statement: Statement) -> bool:
    if statement.not_resources is not None:
        return statement.effect == "Allow"  # all but some is nearly everything
    return any(_any_of_a_service(resource) for resource in statement.resources)


def _any_of_a_service(resource: str) -> bool:
    """Whether an ARN pattern takes in every resource: nothing of the resource's name is fixed."""
    if not set(resource) - set("*?:"):
        return True
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return set(parts[-1]) == {"*"}
    service, name = parts[2], parts[5]
    if _typed(service):
        kind, _, rest = name.replace(":", "/", 1).partition("/")
        name = rest or name if not set(kind) & set("*?") else name
    return not set(name) - set("*?/:")


@cache
def _typed(service: str) -> bool:
    """Whether a service's ARNs have a type before the name (`table/…`; not those of queues)."""
    from policy_sentry.querying.arns import get_raw_arns_for_service

    known = get_raw_arns_for_service(service)
    return not any(arn.split(":", 5)[5].startswith("${") for arn in known)


def _some(names: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    all_of_them = list(names)
    shown = ", ".join(all_of_them[:_SHOWN])
    more = len(all_of_them) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
