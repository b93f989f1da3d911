"""The safeguards of what waits for approval while files, resources and names change around it."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_operand,
    never,
    set_variable,
)

_RIVALS = ("tests/integration/test_approvals_rivals.py",)
_RESOURCES = ("tests/integration/test_approvals_resources.py",)
_FAILED = ("tests/integration/test_approvals_failed.py",)

WAITING = (
    Mutant(
        "what waits does so while nobody can look at it",
        "GrantRecord.waits",
        set_variable("failed", "None"),
        tests=_RIVALS,
    ),
    Mutant(
        "what is asked for in another file's place waits for the end of what that one had",
        "ApprovalStep.approve",
        never("contested"),
        tests=_RIVALS,
    ),
    Mutant(
        "what nobody had to approve was not granted by a run that failed",
        "GrantPlan.undone",
        always("approved_by"),
        tests=_FAILED,
    ),
    Mutant(
        "what was approved stays approved where the run failed",
        "GrantPlan.undone",
        drop_operand("approved_by"),
        tests=_FAILED,
    ),
    Mutant(
        "what a resource adds waits behind the newest version",
        "Planner._plan",
        set_variable("asks", "False"),
        tests=_RESOURCES,
    ),
    Mutant(
        "a rejection stays when its grant ends",
        "next_state:_pending",
        never("rejected_by"),
        tests=_RESOURCES,
    ),
    Mutant(
        "what waits has its grant",
        "PlanningContext.contested",
        drop_operand("waits"),
        tests=_RIVALS,
    ),
    Mutant(
        "who asks for a grant gets it when nobody waits for it any more",
        "WaitingFiles.asking",
        set_variable("ends", "plan.step == 'revoke'"),
        tests=_RIVALS,
    ),
    Mutant(
        "an inline config is no file's",
        "next_state:state_after",
        never("_comes_with_the_input"),
        tests=_RIVALS,
    ),
)
