"""An executor of the workflow who stops runs in the middle of what they do."""

import json
from functools import partial

from tools.attacks.ground import Ground, Target, document, order, statement
from tools.attacks.people import Executor
from tools.attacks.suite import attack, suite

_ATTEMPTS = 8


def _made_and_not_recorded(ground: Ground) -> Target:
    """A grant whose role was made by a run that was stopped before it could record anything."""
    executor = Executor(ground)
    states, arn = ground.outside.states, ground.box.outputs["GrantWorkflowArn"]
    bucket = ground.box.outputs["ConfigBucketName"]
    for _ in range(_ATTEMPTS):
        target = ground.target()
        body = json.dumps(target.config()).encode()
        ground.outside.s3.put_object(Bucket=bucket, Key=target.key, Body=body)
        ground.eventually(partial(ground.outside.role, target.role), bool)
        for run in states.list_executions(stateMachineArn=arn, statusFilter="RUNNING")[
            "executions"
        ]:
            executor.stop(run["executionArn"])
        ground.settled()
        state = ground.outside.state(target.partner)
        if ground.outside.role(target.role) and not state:
            return target
    raise LookupError(f"no run could be stopped in time, {_ATTEMPTS} times")


@attack(short=True)
def stopped_before_it_is_recorded(ground: Ground) -> None:
    """Stops the run that makes a role before it is recorded; then the file is removed."""
    target = _made_and_not_recorded(ground)
    ground.works(target, session := ground.assume(target))
    bucket = ground.box.outputs["ConfigBucketName"]
    ground.outside.s3.delete_object(Bucket=bucket, Key=target.key)
    ground.advance(200)  # the lease of the run that was stopped runs out
    ground.gone(target, session)
    events = ground.outside.events(target.partner)
    assert "AccessGranted" in events, f"its history denies that anybody had access: {events}"
    assert events[-1] == "AccessRevoked", f"its history ends with {events}"
    assert not ground.scheduled(target), "its schedule is still there"


@attack({"suspend": "suspend", "revoke": "revoke"})
def stopped_before_anorder(ground: Ground, action: str) -> None:
    """Stops the run that makes a role before it is recorded; then the grant is ended by order."""
    target = _made_and_not_recorded(ground)
    session = ground.assume(target)
    ground.advance(200)
    done = ground.order(target, action)
    assert done["status"] == "SUCCEEDED", f"the order failed: {done['cause']}"
    ground.shut(target, session)


@attack()
def recorder_that_cannot_write(ground: Ground) -> None:
    """Denies the recorder the table while a role is made, then removes the file."""
    target = ground.target()
    lambda_ = ground.box.client("lambda")
    found = lambda_.get_function_configuration(FunctionName="latchkey-record-outcome")
    recorder = {"RoleName": found["Role"].rsplit("/", 1)[-1], "PolicyName": "denied"}
    deny = document(statement("dynamodb:*", effect="Deny"))
    iam, s3 = ground.outside.iam, ground.outside.s3
    bucket = ground.box.outputs["ConfigBucketName"]
    iam.put_role_policy(**recorder, PolicyDocument=deny)
    try:
        body = json.dumps(target.config()).encode()
        s3.put_object(Bucket=bucket, Key=target.key, Body=body)
        ground.eventually(lambda: ground.outside.role(target.role), bool)
        ground.settled()
    finally:
        iam.delete_role_policy(**recorder)
    session = ground.assume(target)
    s3.delete_object(Bucket=bucket, Key=target.key)
    ground.advance(200)
    ground.gone(target, session)
    events = ground.outside.events(target.partner)
    assert "AccessGranted" in events, f"its history denies that anybody had access: {events}"


@attack({"suspend": "suspend", "revoke": "revoke"}, short=("suspend",))
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
