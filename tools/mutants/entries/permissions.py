"""What the roles of functions and workflows may not do: each wider permission is noticed."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import never
from tools.mutants.template import set_key

_ROLES = ("tests/contract/test_template_roles.py",)
_GRANT_WORKFLOW = (
    '!Sub ["arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:'
    '${Names}-grant-workflow", *names]'
)
_KEYS = "dynamodb:LeadingKeys"
_TABLE = ("tests/contract/test_table_partitions.py",)
_BOUNDED = ("tests/contract/test_bounded_workflows.py",)

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
    Mutant(
        "functions start reconciliations only",
        "template.yaml:IntakeConfigFunction",
        set_key("RECONCILE_WORKFLOW_ARN", f"&reconcile-workflow-arn {_GRANT_WORKFLOW}"),
        tests=_BOUNDED,
    ),
    Mutant(
        "the plan workflow invokes nothing that changes access",
        "template.yaml:PlanWorkflowRole",
        set_key("Resource", "!GetAtt GrantAccessFunction.Arn", sid="PlanAndDescribe"),
        tests=_BOUNDED,
    ),
    Mutant(
        "what is only planned is not recorded",
        "RecordStep.record",
        never("plan_only"),
        tests=("tests/integration/test_plan_only.py",),
    ),
    Mutant(
        "a request that names no item passes no condition on partitions",
        "template.yaml:GrantAccessRole",
        set_key("Null", f'{{{_KEYS}: "true"}}', sid="RenewLease"),
        tests=_TABLE,
    ),
    Mutant(
        "applying writes no state",
        "template.yaml:GrantAccessRole",
        set_key(
            "ForAllValues:StringLike", '{dynamodb:LeadingKeys: ["*"]}', sid="StoreWhatWasApplied"
        ),
        tests=_TABLE,
    ),
)
