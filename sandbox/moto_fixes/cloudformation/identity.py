"""Fixes of the types of IAM."""

import json
from functools import partial
from typing import Any

from moto.iam.models import ManagedPolicy, Role, iam_backends

from sandbox.account import PARTITION
from sandbox.compute.runtime import Runtime
from sandbox.moto_fixes.cloudformation.types import Declared, Made, created_by_moto


def role(_: Runtime, declared: Declared) -> Any:
    """A role whose inline policies are JSON text, as those that are put through the API.

    moto keeps them as they are in the template, and so GetRolePolicy does not return JSON:
    `Role.create_from_cloudformation_json`, moto/iam/models.py:762.
    """
    policies = [
        {**policy, "PolicyDocument": json.dumps(policy["PolicyDocument"])}
        for policy in declared.properties.get("Policies", [])
    ]
    made = created_by_moto(Role, declared, {**declared.properties, "Policies": policies})
    made.delete = partial(Role.delete_from_cloudformation_json, made.name, {})
    return made


def managed_policy(_: Runtime, declared: Declared) -> Made:
    """A managed policy that is deleted with its stack.

    moto keeps it: `ManagedPolicy`, moto/iam/models.py:353, has no way to delete one.
    """
    made = created_by_moto(ManagedPolicy, declared, declared.properties)
    backend = iam_backends[declared.account][PARTITION]
    return Made(made.arn, made.arn, partial(backend.delete_policy, made.arn))
