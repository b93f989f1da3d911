"""The safeguards of carrying plans out in other accounts: there, and told where it was not done."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import always, never, replace_call, set_variable

_APPLYING = ("tests/integration/test_applying_elsewhere.py",)
_UNREACHED = ("tests/integration/test_unreached_accounts.py",)
_PLANNED = ("tests/integration/test_plan_unreached.py",)

APPLYING = (
    Mutant(
        "a plan is carried out where its role is",
        "clients_for_role.clients",
        set_variable("there", "home"),
        tests=_APPLYING,
    ),
    Mutant(
        "a session for a plan reaches its role only",
        "clients_for_role.clients",
        set_variable("policy", "None"),
        tests=_APPLYING,
    ),
    Mutant(
        "a plan that names another account is refused",
        "place_of",
        set_variable("elsewhere", "set()"),
        tests=_APPLYING,
    ),
    Mutant(
        "a plan that names another role is refused",
        "place_of",
        set_variable("others", "set()"),
        tests=_APPLYING,
    ),
    Mutant(
        "policies are checked in the account of the role",
        "granting_step.checks",
        replace_call("there", 'client("iam")', "iam"),
        tests=_APPLYING,
    ),
    Mutant(
        "what AWS refuses elsewhere names the account",
        "clients:_named",
        never("error"),
        tests=_APPLYING,
    ),
    Mutant(
        "an account that was not reached is told as not done",
        "unreached:failure_reason",
        always("UNREACHED"),
        tests=_UNREACHED,
    ),
    Mutant(
        "planning that reaches no account says what was not done",
        "taken_away:taken_away",
        never("revoke"),
        tests=_PLANNED,
    ),
    Mutant(
        "an account that cannot be reached for now is told after the last try",
        "Loader._snapshot",
        never("last_try"),
        tests=_PLANNED,
    ),
    Mutant(
        "an order for many names the accounts of what was not done",
        "bulk:_end",
        set_variable("named", "failed"),
        tests=("tests/integration/test_orders_for_many.py",),
    ),
)
