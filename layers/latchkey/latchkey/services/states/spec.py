"""AWS Step Functions: starting executions of one state machine."""

from collections.abc import Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import Service


class _States(Service):
    """IAM knows no versions and aliases: a permission to start one of them covers all of them.

    Source: Step Functions developer guide, "Authorization for versions and aliases".
    """

    @override
    def forms(self, local: str) -> tuple[str, ...]:
        """The state machine's own name, also where a version or an alias is asked about."""
        return (local.partition(":")[0],)

    @override
    def reach(self, local: str) -> tuple[str, ...]:
        return self.forms(local)

    @override
    def also_known(self, arn: str) -> tuple[str, ...]:
        return (f"{arn}:*",)

    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        given = {"stateMachineArn": arn}
        leaves = "an execution that starts with an empty input"
        return Call("stepfunctions", "start-execution", given, "executionArn", leaves)


SPEC = _States(
    name="states",
    title="Step Functions",
    field="state_machine",
    resource_type="AWS::StepFunctions::StateMachine",
    arn=ArnForm(
        r"[A-Za-z0-9_-]{1,80}",
        "1 to 80 letters, digits, '_' and '-'",
        before="stateMachine:",
    ),
    actions={"start": ("states:StartExecution",)},
    labels={
        "start": "StartExecution",
        "list names": "ListStateMachines",
    },
    options=("discover",),
    discovers=("states:ListStateMachines",),
    own=("stateMachine:latchkey-*", "execution:latchkey-*"),
    boundary=(
        "ListStateMachines",
        "StartExecution",
    ),
    changed_by=(
        "states:CreateStateMachine",
        "states:DeleteStateMachine",
        "states:UpdateStateMachine",
    ),
    lookup=("states:ListStateMachines",),
    key_use=False,
    example={"state_machine": "order-intake", "allow": "start"},
)
