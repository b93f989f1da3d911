"""Roles: what is made of them, which are taken for ours, and what bounds them all."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    add_item,
    drop_operand,
    drop_statement,
    never,
    set_argument,
    set_return,
    set_variable,
    swap_and_or,
)

ROLES = (
    Mutant("boundary not put back", "_differences", never("found")),
    Mutant(
        "boundary of another kind of access comes before the policies",
        "_differences",
        set_variable("of_another_kind", "False"),
        tests=("tests/unit/test_boundary_kinds.py",),
    ),
    Mutant(
        "role has the boundary of its kind of access",
        "RoleNaming.boundary_of",
        set_return("self.boundary_arn"),
        tests=("tests/unit/test_boundary_kinds.py",),
    ),
    Mutant(
        "boundary of another kind put on by hand closes the role",
        "Written.has_boundary",
        set_return("True"),
        tests=("tests/unit/test_boundary_kinds.py",),
    ),
    Mutant("foreign policies left", "_differences", drop_statement("DetachRolePolicy")),
    Mutant("foreign roles taken over", "_owning", never("belongs_to")),
    Mutant("new role without boundary", "_creation", set_argument("CreateRole", 4, "None")),
    Mutant(
        "role without boundary", "desired_role", set_argument("DesiredRole", "boundary_arn", '""')
    ),
    Mutant("ownership by one tag", "ObservedRole.owned_by", swap_and_or()),
    Mutant("key policies not read", "_Caller.meets", drop_operand("_is_named")),
    Mutant("key conditions not read", "_Caller.meets", drop_operand("_met")),
    Mutant(
        "boundary that changes ACLs",
        "s3.spec:SPEC",
        add_item('"PutObjectAcl"', "RestoreObject", "PutObject"),
    ),
    Mutant("boundary that makes grants of keys", "KEY_ACTIONS", add_item('"kms:CreateGrant"')),
    Mutant(
        "boundary without what is granted",
        "events.spec:SPEC",
        set_argument("_Events", "boundary", "()"),
    ),
)
