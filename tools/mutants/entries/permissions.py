"""What the roles of functions and workflows may not do: each wider permission is noticed."""

from tools.mutants.mutant import Mutant
from tools.mutants.template import set_key

_ROLES = ("tests/contract/test_template_roles.py",)

PERMISSIONS = (
    Mutant(
        "revoking takes no role out of a profile that is somebody's",
        "template.yaml:RevokeAccessRole",
        set_key("Resource", "'*'", sid="FreeFromInstanceProfiles"),
        tests=_ROLES,
    ),
    Mutant(
        "planning sees the environment of no function",
        "template.yaml:PlanGrantRole",
        set_key("Action", "[lambda:ListFunctions, sqs:ListQueues]", sid="ListNames"),
        tests=_ROLES,
    ),
    Mutant(
        "planning looks resources up in this account only",
        "template.yaml:PlanGrantRole",
        set_key("Resource", "'*'", sid="LookUpResources"),
        tests=_ROLES,
    ),
    Mutant(
        "notifying writes no results",
        "template.yaml:NotifyOutcomeRole",
        set_key("Resource", "!Sub ${ResultsBucket.Arn}/*", sid="WriteForPeople"),
        tests=_ROLES,
    ),
)
