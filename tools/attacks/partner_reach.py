"""A partner, or a customer of its service, who tries to reach more than the file says."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.kit.examples import ACCOUNT
from tools.attacks.ground import Ground, document, refused
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target


def _calls(ground: Ground, target: Target) -> dict[str, Callable[[Callable[[str], Any]], Any]]:
    outputs, item = ground.box.outputs, {"pk": {"S": "x"}, "sk": {"S": "x"}}
    everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    function = "latchkey-grant-access"
    return {
        "changes its own permissions": lambda client: client("iam").put_role_policy(
            RoleName=target.role, PolicyName="more", PolicyDocument=everything
        ),
        "changes its own trust": lambda client: client("iam").update_assume_role_policy(
            RoleName=target.role, PolicyDocument=everything
        ),
        "assumes another role": lambda client: client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/latchkey-grant-access", RoleSessionName="me"
        ),
        "reads configs": lambda client: client("s3").get_object(
            Bucket=outputs["ConfigBucketName"], Key=target.key
        ),
        "writes configs": lambda client: client("s3").put_object(
            Bucket=outputs["ConfigBucketName"], Key=target.key, Body=b"{}"
        ),
        "reads results": lambda client: client("s3").list_objects_v2(
            Bucket=outputs["ResultsBucketName"]
        ),
        "writes to the table": lambda client: client("dynamodb").put_item(
            TableName=outputs["GrantTableName"], Item=item
        ),
        "starts the workflow": lambda client: client("stepfunctions").start_execution(
            stateMachineArn=outputs["GrantWorkflowArn"], input="{}"
        ),
        "calls a function": lambda client: client("lambda").invoke(FunctionName=function),
        "reads the guardrails": lambda client: client("ssm").get_parameter(
            Name="/latchkey/guardrails"
        ),
        "reads a neighbour's folder": lambda client: client("s3").get_object(
            Bucket=target.partner, Key="inbox/x"
        ),
        "lists the whole bucket": lambda client: client("s3").list_objects_v2(
            Bucket=target.partner
        ),
    }


@attack(short=True, always=True)
def more_than_the_file_says(ground: Ground) -> None:
    """Tries everything that its file does not say, Latchkey's own resources above all."""
    target = ground.granted()
    session = ground.assume(target)
    for what, call in _calls(ground, target).items():
        refused(partial(call, session.client), f"its session {what}")


@attack(
    {
        "without an external ID": {},
        "with a wrong one": {"ExternalId": "external-guess"},
        "with a pattern": {"ExternalId": "external-*"},
        "in another case": {"ExternalId": "EXTERNAL-"},
    },
    short=("without an external ID", "with a pattern"),
    always=True,
)
def confused_deputy(ground: Ground, given: dict[str, str]) -> None:
    """Assumes the role from the partner's account for a customer of the partner's who is not us."""
    target = ground.granted()
    sts = ground.partner("sts")
    if given.get("ExternalId") == "EXTERNAL-":
        given = {"ExternalId": target.external_id.upper()}
    refused(
        lambda: sts.assume_role(RoleArn=target.role_arn, RoleSessionName="deputy", **given),
        "the role was assumed",
    )


def _several(target: Target) -> list[str]:
    return [target.external_id, f"{target.external_id}-2027", f"other-{target.partner}"]


@attack(
    {
        "all of them, joined": ",".join,
        "what two have in common": lambda ids: ids[0][:-1],
        "one and a bit more": lambda ids: f"{ids[1]}x",
        "one but for its end": lambda ids: ids[1][:-1],
        "as JSON has them": ":".join,
        "another customer's": lambda _: "external-guess",
    },
    short=("all of them, joined",),
    always=True,
)
def confused_deputy_of_several(ground: Ground, sent: Callable[[list[str]], str]) -> None:
    """Sends what is nearly one of the external IDs of a grant that accepts several."""
    target = ground.target()
    ids = _several(target)
    result = ground.outside.upload(target.key, target.config(external_id=ids))
    assert result["outcome"] == "created", f"not granted: {result['reason']}"
    for one in ids:
        ground.works(target, ground.assume(target, external_id=one))
    refused(lambda: ground.assume(target, external_id=sent(ids)), "the role was assumed")


run = suite(__name__)
