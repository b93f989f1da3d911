"""The safeguards that real accounts ask for: lags, other stacks, denials, log lines."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    drop_item,
    drop_statement,
    replace_call,
    set_argument,
    set_return,
)
from tools.mutants.template import set_key

_LAG = ("tests/unit/test_authorisation_lag.py",)
_DIGEST = ("tests/integration/test_guardrails_digest.py",)
_DENIAL = ("tests/unit/test_denial.py",)
_LEVELS = ("tests/unit/test_log_levels.py",)
_STACKS = ("tests/unit/test_plan.py", "tests/unit/test_role.py")

ACCOUNTS = (
    Mutant(
        "a denial right after a write of ours is waited out",
        "despite_lag",
        replace_call("any", "False"),
        tests=_LAG,
    ),
    Mutant(
        "a denial that nothing of ours explains is final at once",
        "despite_lag",
        replace_call("any", "True"),
        tests=_LAG,
    ),
    Mutant(
        "a role just made is one that IAM may not know",
        "authorisation_lag:_DECIDES",
        drop_item("CreateRole"),
        tests=_LAG,
    ),
    Mutant(
        "guardrails are told apart by their text",
        "guardrails:_digest",
        set_return('"1"'),
        tests=_DIGEST,
    ),
    Mutant(
        "a run for other guardrails is started again the next day",
        "drift_runs:_once",
        set_return("what", "what"),
        tests=_DIGEST,
    ),
    Mutant(
        "Latchkey's own denial is no fault of the file",
        "own_denial",
        set_return("False"),
        tests=_DENIAL,
    ),
    Mutant(
        "a resource's denial is none of Latchkey's own",
        "own_denial",
        set_return("True"),
        tests=_DENIAL,
    ),
    Mutant(
        "log lines have a timestamp that Lambda reads",
        "observability:logger",
        set_argument("Logger", "use_rfc3339", "False"),
        tests=_LEVELS,
    ),
    Mutant(
        "Lambda's own filter drops no metric",
        "template.yaml:Globals.Function.LoggingConfig",
        set_key("ApplicationLogLevel", "WARN"),
        tests=_LEVELS,
    ),
    Mutant(
        "another stack's role is not changed",
        "plan_role",
        drop_statement("require_of_stack"),
        tests=_STACKS,
    ),
    Mutant(
        "another stack's role is not removed",
        "diff:_removal",
        drop_statement("require_of_stack"),
        tests=("tests/integration/test_roles_astray.py",),
    ),
    Mutant(
        "another stack's role is known by its boundary",
        "ObservedRole.bounded_elsewhere",
        set_return("False"),
        tests=_STACKS,
    ),
)
