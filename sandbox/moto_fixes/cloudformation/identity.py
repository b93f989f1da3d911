"""Fixes of the types of IAM."""

import json
from typing import Any

from moto.iam.models import Role

from sandbox.compute.runtime import Runtime
from sandbox.moto_fixes.cloudformation.types import Declared, created_by_moto


def role(_: Runtime, declared: Declared) -> Any:
    """A role whose inline policies are JSON text, as those that are put through the API.

    moto keeps them as they are in the template, and so GetRolePolicy does not return JSON:
    `Role.create_from_cloudformation_json`, moto/iam/models.py:762.
    """
    policies = [
        {**policy, "PolicyDocument": json.dumps(policy["PolicyDocument"])}
        for policy in declared.properties.get("Policies", [])
    ]
    return created_by_moto(Role, declared, {**declared.properties, "Policies": policies})
