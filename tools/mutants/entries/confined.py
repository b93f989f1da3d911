"""The safeguards that confine work in other accounts: to a session there, one role, one account."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    add_item,
    always,
    drop_item,
    drop_operand,
    never,
    set_argument,
    set_item,
    set_variable,
)

_SESSIONS = ("tests/unit/test_spoke_sessions.py",)
_POLICY = ("tests/contract/test_session_policy.py",)
_APPLYING = ("tests/integration/test_applying_elsewhere.py",)
_PLAN = ("tests/integration/test_plan_in_spokes.py",)
_CHECK = ("tests/integration/test_check_accounts.py",)

_LATE = (
    'lambda service: type("Late", (), {"__getattr__": '
    "lambda _, name: getattr(clients(place, run)(service), name)})()"
)
"""Clients whose session is asked for at their first call."""

CONFINED = (
    Mutant(
        "no account of another partition has clients",
        "Accounts.clients",
        never("partition"),
        tests=_SESSIONS,
    ),
    Mutant(
        "the own account needs no session",
        "Accounts.clients",
        never("account"),
        tests=_SESSIONS,
    ),
    Mutant(
        "a plan for another partition is carried out nowhere",
        "clients_for_role.clients",
        set_variable("there", "home.of_account(place.account)"),
        tests=_APPLYING,
    ),
    Mutant(
        "there is a session before anything is noted as begun",
        "_apply_step.executor",
        set_variable("there", _LATE),
        tests=_APPLYING,
    ),
    Mutant(
        "a session reaches its role in one account",
        "spoke:session_policy",
        set_variable("roles", 'f"arn:{environment.partition}:iam::*:role/"'),
        tests=_POLICY,
    ),
    Mutant(
        "only planning's session reaches what configs name",
        "spoke:session_policy",
        always("PLAN"),
        tests=_POLICY,
    ),
    Mutant(
        "planning's session has nothing of IAM beside its role",
        "spoke:session_policy",
        set_item("NotAction", '["sts:*"]'),
        tests=_POLICY,
    ),
    Mutant(
        "planning's session becomes no other",
        "spoke:session_policy",
        set_item("NotAction", '["iam:*"]'),
        tests=_POLICY,
    ),
    Mutant(
        "a session writes to no role but its own",
        "spoke:_ELSEWHERE",
        add_item('"iam:DeleteRole"', "access-analyzer:ValidatePolicy"),
        tests=_POLICY,
    ),
    Mutant(
        "a plan whose state names no role is refused",
        "place_of",
        drop_operand("role/"),
        tests=_APPLYING,
    ),
    Mutant(
        "a plan whose state names nothing of IAM is refused",
        "place_of",
        drop_operand("iam"),
        tests=_APPLYING,
    ),
    Mutant(
        "a plan whose changes are of another role is refused",
        "grants.place:_names",
        never("PutSchedule"),
        tests=_APPLYING,
    ),
    Mutant(
        "a plan whose changes have another account's boundary is refused",
        "grants.place:_accounts",
        set_variable("arns", "[]"),
        tests=_APPLYING,
    ),
    Mutant(
        "a plan with the own boundaries of another account is refused",
        "grants.place:_accounts",
        drop_item("own_boundaries"),
        tests=_APPLYING,
    ),
    Mutant(
        "guardrails of a grant's account are read there",
        "spokes:reader",
        set_argument("SpokeGuardrails", 0, 'accounts.clients(stack.environment, "")("ssm")'),
        tests=_PLAN,
    ),
    Mutant(
        "an account's own guardrails say nothing of approval",
        "_OF_HUBS",
        drop_item("approval"),
        tests=_PLAN,
    ),
    Mutant(
        "an account's own guardrails list no accounts",
        "_OF_HUBS",
        drop_item("allowed_accounts"),
        tests=_PLAN,
    ),
    Mutant(
        "a role's name is looked up as of the grant's account",
        "LookupReader.validate",
        set_argument("of_others", 2, "self.stack.environment.account"),
        tests=_PLAN,
    ),
    Mutant(
        "an account is checked there",
        "wiring.jobs:account_check.there",
        set_variable("clients", 'accounts.clients(home, "check-drift")'),
        tests=_CHECK,
    ),
)
