"""The safeguards of grants in other accounts: only the account, role and grant asked for."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    never,
    replace_call,
    set_variable,
    swap_name,
)
from tools.mutants.template import set_key

_SESSIONS = ("tests/unit/test_spoke_sessions.py",)
_POLICY = ("tests/contract/test_session_policy.py",)
_TEMPLATE = ("tests/contract/test_spoke.py",)
_IN_FORCE = ("tests/unit/test_account_in_force.py",)
_ACCOUNT = ("tests/unit/test_account.py",)

SPOKES = (
    Mutant(
        "a session of another account or role is not used",
        "SpokeSessions.assume",
        never("wanted"),
        tests=_SESSIONS,
    ),
    Mutant(
        "the session's policy is sent",
        "SpokeSessions.assume",
        never("policy"),
        tests=_SESSIONS,
    ),
    Mutant(
        "a session bears the run's name",
        "SpokeSessions.assume",
        replace_call("session_name", '"latchkey"'),
        tests=_SESSIONS,
    ),
    Mutant(
        "an account that lets us not in is no passing fault",
        "SpokeSessions.assume",
        swap_name("SpokeNotEnrolled", "SpokeUnreachable"),
        tests=_SESSIONS,
    ),
    Mutant(
        "another account never has the own clients",
        "Accounts.clients",
        always("account"),
        tests=_SESSIONS,
    ),
    Mutant(
        "a session reaches the role of its grant only",
        "spoke:session_policy",
        set_variable("this", '[f"{roles}*"]'),
        tests=_POLICY,
    ),
    Mutant(
        "a config in another account is refused",
        "rules:account_problems",
        never("account"),
        tests=_ACCOUNT,
    ),
    Mutant(
        "resources are of the grant's account",
        "rule_problems",
        set_variable("stack", "stack"),
        tests=_ACCOUNT,
    ),
    Mutant(
        "a function assumes its own role in spokes and no other",
        "template.yaml:PlanGrantRole",
        set_key("Resource", "!Sub arn:${AWS::Partition}:iam::*:role/*", sid="WorkInSpokes"),
        tests=_TEMPLATE,
    ),
    Mutant(
        "an account has to be listed",
        "account_broken",
        always("allowed_accounts"),
        tests=_IN_FORCE,
    ),
    Mutant(
        "an account's own guardrails refuse, too",
        "validation:validated",
        never("spoke_rules"),
        tests=_IN_FORCE,
    ),
    Mutant(
        "a live grant stays in its account",
        "account:account_problems",
        always("asked"),
        tests=_IN_FORCE,
    ),
    Mutant(
        "what is on record says where a live grant's role is",
        "account_in_force",
        never("record"),
        tests=_IN_FORCE,
    ),
    Mutant(
        "boundaries are the account's own",
        "naming_in",
        replace_call("_in", "naming.boundary_arn", "boundary_arn"),
        tests=_IN_FORCE,
    ),
    Mutant(
        "nothing is done in the own account for a grant in another",
        "Loader._needed",
        never("home"),
        tests=("tests/integration/test_other_account.py",),
    ),
)
