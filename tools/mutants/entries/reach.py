"""The safeguards of what no config may reach: without any one of them a test fails."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import drop_item, drop_statement, never, replace_call, set_return
from tools.mutants.template import set_key

_OWN = ("tests/unit/test_own_resources.py",)
_NAMES = ("tests/contract/test_own_names.py",)
_REACH = ("tests/unit/test_guardrails_reach.py",)

REACH = (
    Mutant(
        "what a config names is not Latchkey's own",
        "own_resource_problems",
        drop_statement("own_problems"),
        tests=_OWN,
    ),
    Mutant(
        "a resource that is made has a name that no config may name",
        "template.yaml:GrantTable",
        set_key("TableName", "!Sub ${AWS::StackName}-grants"),
        tests=_NAMES,
    ),
    Mutant(
        "the boundary denies what a spec says is Latchkey's own",
        "dynamodb.spec:SPEC",
        drop_item("table/latchkey-*"),
        tests=_NAMES,
    ),
    Mutant(
        "other stacks know the guardrails that are managed outside",
        "own_guardrails",
        set_return('f"/{stack}/guardrails"'),
        tests=_NAMES,
    ),
    Mutant(
        "a denied resource is denied with what lies within",
        "Reached.touched_by",
        drop_item("_parts"),
        tests=_REACH,
    ),
    Mutant(
        "a read by path reaches what is below",
        "_Ssm.reached",
        set_return("(arn,)", "removesuffix"),
        tests=_REACH,
    ),
    Mutant(
        "keys behind resources count as reached",
        "reach:_reach",
        replace_call(
            "allowances",
            'tuple(each for each in entry.allowances(found, environment) if each.name != "Key")',
        ),
        tests=_REACH,
    ),
    Mutant(
        "a stranger's bucket gets nothing",
        "policies:_owned",
        set_return("{}", "ResourceAccount"),
        tests=("tests/unit/test_own_account.py",),
    ),
    Mutant(
        "the internet in pieces is the internet",
        "network_problems",
        never("keep_nobody_out"),
        tests=("tests/unit/test_networks.py",),
    ),
    Mutant(
        "a role under another stack's boundary is that stack's",
        "bounded_by_another",
        set_return("False"),
        tests=("tests/unit/test_role.py",),
    ),
    Mutant(
        "a role of another stack is not taken over, though its tags are ours",
        "require_of_stack",
        never("bounded_elsewhere"),
        tests=("tests/unit/test_plan.py",),
    ),
    Mutant(
        "a change of another stack's role, whose name begins alike, is told to nobody",
        "diff:_plan",
        never("checks"),
        tests=("tests/integration/test_roles_astray.py",),
    ),
)
