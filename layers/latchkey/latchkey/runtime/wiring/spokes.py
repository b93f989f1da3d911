"""What is built for accounts beside the stack's own, when a grant is there; never before."""

from latchkey.aws.iam import IamGateway
from latchkey.aws.preflight import Preflight
from latchkey.aws.spoke_guardrails import SpokeGuardrails
from latchkey.config.rules import StackContext
from latchkey.iam.spoke import SpokeRole, session_policy
from latchkey.newer_python import replace
from latchkey.runtime.settings import PlanSettings
from latchkey.runtime.wiring import gateways
from latchkey.workflow.plan.lookups import AccountReader, Place


def reader(place: Place, settings: PlanSettings, stack: StackContext) -> AccountReader:
    """What reads another account, all of one session that reaches the role of one grant.

    The guardrails there have the name that they have here.

    Raises
    ------
    SpokeNotEnrolled, SpokeMismatch, SpokeUnreachable
        When there is no session for that account.
    """
    there = place.environment
    narrowed = session_policy(SpokeRole(settings.spoke_role), there, place.role)
    accounts = gateways.accounts(stack.environment, settings.stack_name, settings.spoke_role)
    clients = accounts.clients(there, place.run, narrowed)
    return AccountReader(
        IamGateway(clients("iam")),
        Preflight(clients, replace(stack, environment=there)),
        SpokeGuardrails(clients("ssm"), settings.guardrails_parameter, there.account),
    )
