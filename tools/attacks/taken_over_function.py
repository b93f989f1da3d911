"""Somebody who runs code in a function of Latchkey, and has its role."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.kit.template import FUNCTION, of_type, properties, resolved
from tools.attacks.ground import Ground, document, refused
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target

_NAMES = [properties(name)["FunctionName"] for name in of_type(FUNCTION)]
FUNCTIONS = [str(resolved(name, "latchkey")) for name in _NAMES]
_ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_GRANTS = ("latchkey-grant-access", "latchkey-suspend-access")
_WRITES_INLINE_CONFIGS = "latchkey-plan-grant"
_SHORT = (
    "latchkey-record-outcome",
    "latchkey-revoke-access",
    "latchkey-check-drift",
    "latchkey-intake-config",
)


def _calls(ground: Ground, target: Target) -> dict[str, Callable[[Callable[[str], Any]], Any]]:
    """What no function may do, whichever it is."""
    outputs, table = ground.box.outputs, ground.box.outputs["GrantTableName"]
    grant = {"pk": {"S": f"GRANT#{target.partner}.main"}}
    state, event = {**grant, "sk": {"S": "STATE"}}, {**grant, "sk": {"S": "EVENT#0"}}
    return {
        "starts the grant workflow": lambda client: client("stepfunctions").start_execution(
            stateMachineArn=outputs["GrantWorkflowArn"], input="{}"
        ),
        "writes a config into a state": lambda client: client("dynamodb").update_item(
            TableName=table,
            Key=state,
            UpdateExpression="SET config = :c",
            ExpressionAttributeValues={":c": {"S": "{}"}},
        ),
        "deletes history": lambda client: client("dynamodb").delete_item(
            TableName=table, Key=event
        ),
        "lets history end by itself": lambda client: client("dynamodb").put_item(
            TableName=table, Item={**event, "delete_after": {"N": "1"}}
        ),
        "lets a file's history end by itself": lambda client: client("dynamodb").update_item(
            TableName=table,
            Key={"pk": {"S": f"CONFIG#{target.key}"}, "sk": {"S": "EVENT#0"}},
            UpdateExpression="SET delete_after = :now",
            ExpressionAttributeValues={":now": {"N": "1"}},
        ),
        "reads the whole table": lambda client: client("dynamodb").scan(TableName=table),
        "asks the table in PartiQL": lambda client: client("dynamodb").execute_statement(
            Statement=f'SELECT * FROM "{table}"'  # noqa: S608 (an attack)
        ),
        "writes a config file": lambda client: client("s3").put_object(
            Bucket=outputs["ConfigBucketName"], Key=target.key, Body=b"{}"
        ),
        "writes an inline config": lambda client: client("s3").put_object(
            Bucket=outputs["ConfigBucketName"], Key=f"inline/{target.partner}.main.json", Body=b"{}"
        ),
        "reads a secret": lambda client: client("secretsmanager").get_secret_value(
            SecretId=target.partner
        ),
        "sees the environment of functions": lambda client: client("lambda").list_functions(),
        "invokes the granting function": lambda client: client("lambda").invoke(
            FunctionName="latchkey-grant-access"
        ),
        "takes a role out of somebody's profile": lambda client: client(
            "iam"
        ).remove_role_from_instance_profile(InstanceProfileName="web", RoleName=target.role),
        "makes a role without the boundary": lambda client: client("iam").create_role(
            RoleName="partner-mine.main", Path="/partners/", AssumeRolePolicyDocument="{}"
        ),
        "becomes another role": lambda client: client("sts").assume_role(
            RoleArn=target.role_arn, RoleSessionName="me"
        ),
    }


@attack({name: name for name in FUNCTIONS}, short=_SHORT, always=True)
def what_is_not_its_work(ground: Ground, function: str) -> None:
    """Does what no function of Latchkey has to do, under the role of one."""
    target = ground.granted()
    client = partial(ground.box.function_client, function)
    calls = _calls(ground, target)
    if function == _WRITES_INLINE_CONFIGS:
        del calls["writes an inline config"]
    for what, call in calls.items():
        refused(partial(call, client), f"{function} {what}")
    if function not in _GRANTS:
        iam = client("iam")
        for what, write in {
            "gives a role more": partial(
                iam.put_role_policy,
                RoleName=target.role,
                PolicyName="more",
                PolicyDocument=document(_ANYTHING),
            ),
            "lets somebody in": partial(
                iam.update_assume_role_policy,
                RoleName=target.role,
                PolicyDocument=document(_ANYTHING),
            ),
        }.items():
            refused(write, f"{function} {what}")


run = suite(__name__)
