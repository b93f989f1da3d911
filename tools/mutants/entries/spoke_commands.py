"""The safeguards of commands about other accounts: the right account, and nobody's rules lost."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import never, replace_call, set_return, set_variable

_SPOKES = ("tests/cli/test_spokes.py", "tests/cli/test_spokes_enrol.py")
_ACCOUNTS = ("tests/cli/test_accounts.py",)
_DOCTOR = ("tests/cli/test_doctor_spokes.py",)

SPOKE_COMMANDS = (
    Mutant(
        "credentials of another account than the one asked for are refused",
        "latchkey_cli.aws.other_account:in_account",
        never("found", "account"),
        tests=(*_SPOKES, *_ACCOUNTS),
    ),
    Mutant(
        "an account that has a stack of the hub's name is left alone",
        "latchkey_cli.spokes.enrolment:enrolment",
        never("own", "GrantWorkflowArn"),
        tests=_SPOKES,
    ),
    Mutant(
        "the stack of another hub is not taken over",
        "latchkey_cli.spokes.place:Place.check",
        never("HubAccount"),
        tests=_SPOKES,
    ),
    Mutant(
        "guardrails that somebody else wrote meanwhile are not written over",
        "latchkey_cli.spokes.allowed:Change.write",
        never("newest"),
        tests=_SPOKES,
    ),
    Mutant(
        "guardrails that were written at the same moment are told",
        "latchkey_cli.spokes.allowed:Change.write",
        never("written", "number"),
        tests=_SPOKES,
    ),
    Mutant(
        "an account with live grants stays on the list",
        "latchkey_cli.spokes.allowed:Change.of",
        set_variable("live", "[]"),
        tests=_SPOKES,
    ),
    Mutant(
        "a role here is of no grant in another account",
        "latchkey_cli.grants.accounts:on_record_in",
        replace_call("of_account", "stack.live_grants.all()"),
        tests=_DOCTOR,
    ),
    Mutant(
        "an account that could not be checked fails doctor",
        "latchkey_cli.health_checks.spokes:every_spoke_is_checked",
        set_variable("failed", "[]"),
        tests=_DOCTOR,
    ),
    Mutant(
        "an account that was not checked for long fails doctor",
        "latchkey_cli.health_checks.spokes:every_spoke_is_checked",
        never("late"),
        tests=_DOCTOR,
    ),
    Mutant(
        "a role that spoke.yaml made is audited once it lets in others than the hub",
        "latchkey_cli.commands.audit:_of_hub",
        set_return("True", "way"),
        tests=_ACCOUNTS,
    ),
)
