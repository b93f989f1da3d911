"""The safeguards of grants in other accounts: only the account, role and grant asked for."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_operand,
    never,
    replace_call,
    set_argument,
    set_variable,
    swap_name,
)
from tools.mutants.template import set_key

_SESSIONS = ("tests/unit/test_spoke_sessions.py",)
_POLICY = ("tests/contract/test_session_policy.py",)
_TEMPLATE = ("tests/contract/test_spoke.py",)
_IN_FORCE = ("tests/unit/test_account_in_force.py",)
_PLAN = ("tests/integration/test_plan_in_spokes.py",)
_LIVE = ("tests/integration/test_live_in_spokes.py",)
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
        "where no config says its account, a grant that has ended is where its role was",
        "account_in_force",
        drop_operand("config"),
        tests=_IN_FORCE,
    ),
    Mutant(
        "nothing of the own account is read for a grant in another",
        "steps:_readers",
        never("home"),
        tests=_PLAN,
    ),
    Mutant(
        "planning's session reaches the role of its grant only",
        "spokes:reader",
        set_variable("narrowed", "None"),
        tests=_PLAN,
    ),
    Mutant(
        "what a config names is looked up as of its account",
        "spokes:reader",
        set_argument("replace", "environment", "stack.environment"),
        tests=_PLAN,
    ),
    Mutant(
        "an account that is not listed is not called",
        "LookupReader._look_up",
        never("listed"),
        tests=_PLAN,
    ),
    Mutant(
        "an account that is none of a config's scope is not called",
        "LookupReader._look_up",
        set_variable("listed", "account in rules.allowed_accounts"),
        tests=_PLAN,
    ),
    Mutant(
        "a live grant is looked at where it is, though its account is listed no more",
        "LookupReader._look_up",
        drop_operand("tolerant"),
        tests=_LIVE,
    ),
    Mutant(
        "an account's own guardrails are read for what is planned there",
        "LookupReader._look_up",
        set_argument("replace", "spoke_rules", "None", "its"),
        tests=_PLAN,
    ),
    Mutant(
        "the digests of both guardrails are on record",
        "LookupReader._look_up",
        set_variable("digests", "digest"),
        tests=_LIVE,
    ),
    Mutant(
        "what was looked up ahead in another account is looked up anew",
        "LookupReader.validate",
        set_variable(
            "asked", "(tuple(access), ahead.principals if ahead else (), ahead and ahead.account)"
        ),
        tests=("tests/unit/test_lookups_ahead.py",),
    ),
    Mutant(
        "an account that nobody can look into is a problem",
        "validation:validated",
        never("unreached"),
        tests=_PLAN,
    ),
    Mutant(
        "a file that suspends fails where the account is closed",
        "Loader._for_role",
        drop_operand("unreached"),
        tests=_LIVE,
    ),
    Mutant(
        "nothing is looked up for a config whose account is not told",
        "Loader._of_sound_fields",
        never("account"),
        tests=_PLAN,
    ),
    Mutant(
        "an account's own guardrails say nothing that only the stack's can",
        "SpokeGuardrails.read",
        never("fields"),
        tests=_PLAN,
    ),
    Mutant(
        "a grant that has ended does not live again",
        "endings:failed",
        set_variable("ended", "False"),
        tests=_LIVE,
    ),
    Mutant(
        "orders come into spokes under their own role",
        "template.yaml:PlanOrderFunction",
        set_key("SPOKE_ROLE", "plan"),
        tests=_TEMPLATE,
    ),
)
