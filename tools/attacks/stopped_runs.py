"""An executor of the workflow who stops runs in the middle of what they do."""

from tools.attacks.ground import HOUR, Ground, document, order, statement
from tools.attacks.people import Executor
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target


def _made_and_not_recorded(ground: Ground, *, stopped: bool, hours: float = 24 * 90) -> Target:
    """A grant whose role was made by a run that could not record it, and may have been stopped."""
    executor, target = Executor(ground), ground.target(hours=hours)
    states, arn = ground.outside.states, ground.box.outputs["GrantWorkflowArn"]
    found = ground.box.client("lambda").get_function_configuration(
        FunctionName="latchkey-record-outcome"
    )
    recorder = {"RoleName": found["Role"].rsplit("/", 1)[-1], "PolicyName": "denied"}
    deny = document(statement("dynamodb:*", effect="Deny"))
    ground.outside.iam.put_role_policy(**recorder, PolicyDocument=deny)
    try:
        ground.put(target.key, target.config())
        assert ground.eventually(lambda: ground.role(target.role), bool), "no role"
        if stopped:
            running = states.list_executions(stateMachineArn=arn, statusFilter="RUNNING")
            for run in running["executions"]:
                executor.stop(run["executionArn"])
        ground.settled()
    finally:
        ground.outside.iam.delete_role_policy(**recorder)
    if not ground.role(target.role) or ground.outside.state(target.partner):
        raise LookupError("the role was not made, or it was recorded")
    return target


@attack({"stopped": True, "denied the table": False}, short=("stopped",))
def not_recorded_before_its_removal(ground: Ground, stopped: bool) -> None:
    """Keeps the run that makes a role from recording it; then the file is removed."""
    target = _made_and_not_recorded(ground, stopped=stopped)
    ground.works(target, session := ground.assume(target))
    ground.remove(target.key)
    ground.advance(200)  # the lease of the run that was stopped runs out
    ground.gone(target, session)
    events = ground.outside.events(target.partner)
    assert "AccessGranted" in events, f"its history denies that anybody had access: {events}"
    assert events[-1] == "AccessRevoked", f"its history ends with {events}"
    assert not ground.scheduled(target), "its schedule is still there"


@attack({"suspend": "suspend", "revoke": "revoke"})
def stopped_before_anorder(ground: Ground, action: str) -> None:
    """Keeps the run that makes a role from recording it; then the grant is ended by order."""
    target = _made_and_not_recorded(ground, stopped=True)
    session = ground.assume(target)
    ground.advance(200)
    done = ground.order(target, action)
    assert done["status"] == "SUCCEEDED", f"the order failed: {done['cause']}"
    ground.shut(target, session)


@attack()
def not_recorded_and_expired(ground: Ground) -> None:
    """Keeps the run that makes a role from recording it, until the grant's end."""
    target = _made_and_not_recorded(ground, stopped=True, hours=2)
    session = ground.assume(target)
    ground.advance(3 * HOUR)
    ground.gone(target, session, status="expired")


@attack({"suspend": "suspend", "revoke": "revoke"}, short=("suspend",), always=True)
def order_stopped_in_the_middle(ground: Ground, action: str) -> None:
    """Stops an order that takes access away in the middle of it; then it is given again."""
    executor = Executor(ground)
    target = ground.granted()
    session = ground.assume(target)
    arn = executor.start(order(target, action))
    ground.eventually(lambda: ground.outside.events(target.partner), bool, 0.3)
    executor.stop(arn)
    ground.advance(200)
    done = ground.order(target, action)
    output = done["output"] or {}
    assert done["status"] == "SUCCEEDED" or output, f"given again it failed: {done['cause']}"
    ground.shut(target, session)


run = suite(__name__)
