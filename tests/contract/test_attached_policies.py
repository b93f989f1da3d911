"""Which managed policies functions may attach to roles, and which function."""

from latchkey.services.managed import known
from tests.contract.role_actions import actions_of, allowed_by
from tests.kit.template import FUNCTION, OWN_STACK, of_type, sub

PARTNER_ROLES = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role${RolePath}*")


def test_granting_attaches_what_reads_configuration_and_nothing_else() -> None:
    (statement,) = [
        s for s in allowed_by("GrantAccessFunction") if "iam:AttachRolePolicy" in s.actions
    ]
    assert statement.actions == {"iam:AttachRolePolicy"}
    assert statement.resources == (PARTNER_ROLES,)
    policies = [sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{name}") for name in sorted(known())]
    assert statement.condition == {
        "ArnEquals": {"iam:PolicyARN": policies},
        "StringEquals": {
            "aws:ResourceTag/latchkey:stack": OWN_STACK,
            "iam:PermissionsBoundary": {"Ref": "AuditBoundary"},
        },
    }


def test_one_function_alone_attaches_policies() -> None:
    """What it attaches is held above."""
    attaching = {f for f in of_type(FUNCTION) if "iam:AttachRolePolicy" in actions_of(f)}
    assert attaching == {"GrantAccessFunction"}
