"""The SAM transform: the project's template.yaml as plain CloudFormation.

On deployment code goes to a bucket; here it stays where it is, and the template's code locations
say where that is (see `code_location`).
"""

import json
from pathlib import Path
from typing import Any

import yaml
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from sandbox.account import REGION
from sandbox.deployment.code_location import DEFINITION, location_of

_CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


class _ManagedPolicies(ManagedPolicyLoader):
    """The ARNs of AWS managed policies, without calling AWS."""

    def __init__(self) -> None:
        no_client: Any = None
        super().__init__(no_client)

    def load(self) -> dict[str, str]:
        """The managed policies that SAM adds to functions, by name."""
        base = "arn:aws:iam::aws:policy"
        names = ("AWSLambdaBasicExecutionRole", "AWSLambdaSQSQueueExecutionRole")
        known = {name: f"{base}/service-role/{name}" for name in names}
        return known | {"AWSXRayDaemonWriteAccess": f"{base}/AWSXRayDaemonWriteAccess"}


def load(path: Path, region: str = REGION) -> dict[str, Any]:
    """The CloudFormation template that a SAM template expands to in a region.

    Raises
    ------
    FileNotFoundError
        When the template or a workflow definition that it names is not there.
    samtranslator.model.exceptions.InvalidDocumentException
        When it is not valid SAM.
    """
    parse: Any = yaml_parse
    template = parse(path.read_text(encoding="utf-8"))
    defaults = template.get("Globals", {}).get("Function", {})
    if "CodeUri" in defaults:
        defaults["CodeUri"] = location_of(path.parent / defaults["CodeUri"])
    for resource in template["Resources"].values():
        properties = resource.setdefault("Properties", {})
        if (field := _CODE.get(resource["Type"])) and field in properties:
            properties[field] = location_of(path.parent / properties[field])
        if DEFINITION in properties:
            properties["Definition"] = _definition(path.parent / properties.pop(DEFINITION))
    here = {"AWS::Region": region}
    translated: dict[str, Any] = transform(template, here, _ManagedPolicies())
    for resource in translated["Resources"].values():
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate":
            resource["DeletionPolicy"] = "Retain"  # all that moto knows when it deletes a stack
    return translated


def _definition(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
