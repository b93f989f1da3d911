"""Enrolling an account: what is deployed there, and what stands against it."""

from collections.abc import Mapping
from dataclasses import dataclass

import click
from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code
from latchkey.iam.spoke import SpokeRole
from latchkey.services.own_names import own_guardrails
from latchkey_cli.aws.other_account import in_account
from latchkey_cli.aws.stack import Stack
from latchkey_cli.spokes.known import guardrails
from latchkey_cli.spokes.place import Place, described
from latchkey_cli.spokes.template import home_region

_TAKEN = ("OrganizationId", "RolePath", "RoleNamePrefix", "GuardrailsParameterName")
"""Parameters that both templates have, which have to be the same on both sides."""


@dataclass(frozen=True)
class Enrolment:
    """What is to be deployed in an account, and as whom."""

    there: Stack
    parameters: Mapping[str, str]
    places: tuple[Place, ...]
    guardrails: str

    @property
    def caller(self) -> str:
        """Who deploys it."""
        return self.there.caller

    def has_guardrails(self) -> bool:
        """Whether the account's own guardrails are there; so they are where nobody may look."""
        try:
            return _is_there(self.there, self.guardrails)
        except ClientError:
            return True


def spoke_stack(stack: Stack) -> str:
    """The name of the stack in each account."""
    return f"{stack.name}-spoke"


def parameters(stack: Stack) -> dict[str, str]:
    """The parameters of spoke.yaml, as the hub's stack has them."""
    hub = stack.environment
    given = {"HubAccount": hub.account, "HubRegion": hub.region, "HubStackName": stack.name}
    return given | {name: stack.parameters[name] for name in _TAKEN if name in stack.parameters}


def regions(stack: Stack) -> tuple[str, ...]:
    """The hub's Region, and where IAM's events are if changes are to be reported from there."""
    hub = stack.environment
    home = home_region(hub.partition) if stack.parameters.get("OrganizationId") else None
    return tuple(dict.fromkeys(filter(None, (hub.region, home))))


def enrolment(stack: Stack, account: str, profile: str) -> Enrolment:
    """What is to be done to enrol an account, which is looked at and not changed.

    Raises
    ------
    ClickException
        If it is not of the profile, or something there is in the way: what, and what to do.
    """
    there = in_account(stack, account, profile)
    name, given = spoke_stack(stack), parameters(stack)
    found = {region: described(there, name, region) for region in regions(stack)}
    own = described(there, stack.name)
    if own and any(one["OutputKey"] == "GrantWorkflowArn" for one in own.get("Outputs", ())):
        raise click.ClickException(
            f"account {account} has a Latchkey stack {stack.name} of its own, whose names are the "
            "same; a hub that grants there needs a stack of another name"
        )
    if found[stack.environment.region] is None:
        _free(there, stack, account)
        given |= _guardrails_there(there, stack)
    places = tuple(Place(there, name, region, given, one) for region, one in found.items())
    for place in places:
        place.check()
    return Enrolment(there, given, places, guardrails(stack).name)


def _free(there: Stack, stack: Stack, account: str) -> None:
    """Refuse an account whose roles another stack made, such as one of a stack set."""
    role = SpokeRole.CHECK.name_for(stack.name)
    try:
        there.client("iam").get_role(RoleName=role)
    except ClientError as error:
        if error_code(error) == "NoSuchEntity":
            return
        raise
    raise click.ClickException(
        f"account {account} has the role {role}, but no stack {spoke_stack(stack)}: a stack set or "
        "a stack of another name made it; update that one instead"
    )


def _guardrails_there(there: Stack, stack: Stack) -> dict[str, str]:
    """The account's own guardrails, where a stack before left them: this one is not to make them.

    They are kept when a stack is deleted, and have the name under which the hub reads them.
    """
    name = own_guardrails(stack.name)
    if stack.parameters.get("GuardrailsParameterName"):
        return {}
    return {"GuardrailsParameterName": name} if _is_there(there, name) else {}


def _is_there(there: Stack, parameter: str) -> bool:
    try:
        there.client("ssm").get_parameter(Name=parameter)
    except ClientError as error:
        if error_code(error) == "ParameterNotFound":
            return False
        raise
    return True
