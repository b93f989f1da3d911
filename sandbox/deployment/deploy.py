"""Deploy the project's own template.yaml."""

import json
from pathlib import Path

from moto.cloudformation.models import cloudformation_backends

from sandbox.account import ACCOUNT, ORGANIZATION, REGION
from sandbox.deployment.remembered import load_once

STACK = "latchkey"
PARAMETERS = {
    "PolicyChecks": "off",  # moto has neither simulator nor Access Analyzer
    "DigestSchedule": "rate(1 day)",  # the sandbox does not run cron() schedules
    "OrganizationId": ORGANIZATION,
    "FunctionConcurrency": "4",  # processes of each function; a developer's machine has few cores
}

UNKNOWN = ("AWS::CloudWatch::Dashboard",)  # moto cannot resolve its references to alarms


def deploy(
    template: Path,
    stack: str = STACK,
    parameters: dict[str, str] | None = None,
    region: str = REGION,
) -> None:
    """Create a stack in moto's backend directly, so that errors keep their traceback.

    Raises
    ------
    RuntimeError
        When the stack is not created completely.
    """
    loaded = load_once(template, region)
    resources = loaded["Resources"]
    known = {name: each for name, each in resources.items() if each["Type"] not in UNKNOWN}
    made = cloudformation_backends[ACCOUNT][region].create_stack(
        name=stack,
        template=json.dumps({**loaded, "Resources": known}),
        parameters={**PARAMETERS, **(parameters or {})},
        notification_arns=[],
        role_arn=None,
        tags={},
    )
    if made.status != "CREATE_COMPLETE":
        raise RuntimeError(f"the stack {stack} is {made.status}")
