"""What is built for accounts beside the stack's own, when a grant is there; never before."""

from latchkey.aws.iam import IamGateway
from latchkey.aws.preflight import Preflight
from latchkey.aws.spoke_guardrails import SpokeGuardrails
from latchkey.aws.spoke_sessions import SpokeSessions
from latchkey.config.rules import StackContext
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.spoke import SpokeRole, session_policy
from latchkey.newer_python import replace
from latchkey.runtime.accounts import Accounts
from latchkey.runtime.clients import client, client_of
from latchkey.runtime.settings import PlanSettings
from latchkey.workflow.plan.lookups import AccountReader, Place


def accounts(home: AwsEnvironment, stack: str, role: SpokeRole) -> Accounts:
    """The clients of each account that a function may work in, under its role there."""
    return Accounts(home, client, lambda: SpokeSessions(client("sts"), stack, role), client_of)


def reader(place: Place, settings: PlanSettings, stack: StackContext) -> AccountReader:
    """What reads another account, all of one session that reaches the role of one grant.

    The guardrails there have the name that they have here.

    Raises
    ------
    SpokeNotEnrolled, SpokeMismatch, SpokeUnreachable
        When there is no session for that account.
    """
    role, there = SpokeRole(settings.spoke_role), place.environment
    narrowed = session_policy(role, there, place.role)
    its = accounts(stack.environment, settings.stack_name, role)
    clients = its.clients(there, place.run, narrowed)
    return AccountReader(
        IamGateway(clients("iam")),
        Preflight(clients, replace(stack, environment=there)),
        SpokeGuardrails(clients("ssm"), settings.guardrails_parameter, there.account),
    )
