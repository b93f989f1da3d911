"""The safeguards of live grants by account: none is missed, and each account is checked."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_item,
    drop_operand,
    drop_statement,
    never,
    replace_call,
    set_return,
    set_variable,
    swap_constant,
)

_INDEX = ("tests/integration/test_live_in_accounts.py",)
_CHECK = ("tests/integration/test_check_accounts.py",)
_WHOLE = ("tests/integration/test_accounts_not_checked.py",)
_EVENTS = ("tests/integration/test_role_events.py",)

LIVE_ACCOUNTS = (
    Mutant(
        "an account is taken for no grant",
        "LiveGrants._everywhere",
        never("account"),
        tests=_INDEX,
    ),
    Mutant(
        "grants of each account on record are read",
        "LiveGrants._everywhere",
        set_variable("accounts", "set()"),
        tests=_INDEX,
    ),
    Mutant(
        "an account is found before all of its grants",
        "grants_by_expiry:_BEFORE_ALL",
        swap_constant("0000#", "9999#"),
        tests=_INDEX,
    ),
    Mutant(
        "a grant stands in its own account's part of the index",
        "live_in",
        set_return("LIVE"),
        tests=_INDEX,
    ),
    Mutant(
        "the first grant in an account puts it on record",
        "GrantTable._found_before",
        always("marker"),
        tests=_INDEX,
    ),
    Mutant(
        "nothing is recorded by whoever does not know the stack's account",
        "GrantTable.record",
        never("_home"),
        tests=_INDEX,
    ),
    Mutant(
        "what failed in an account is forgotten once it succeeds",
        "SpokeRecords.checked",
        drop_item("error"),
        tests=_INDEX,
    ),
    Mutant(
        "the longest overdue comes first in whichever account",
        "LiveGrants.due",
        replace_call("sorted", "overdue"),
        tests=_INDEX,
    ),
    Mutant(
        "the own account is checked by its own check only",
        "AccountCheck.check",
        never("home"),
        tests=_WHOLE,
    ),
    Mutant(
        "an account that could not be checked says so on record",
        "AccountCheck.check",
        drop_statement("failed"),
        tests=_CHECK,
    ),
    Mutant(
        "what nobody foresaw is on record of the account without its text",
        "account_check:_why",
        set_variable("told", "str(error)"),
        tests=_CHECK,
    ),
    Mutant(
        "a grant in another account is held to both guardrails",
        "AccountCheck._compared",
        set_variable("digest", "hub_digest"),
        tests=_CHECK,
    ),
    Mutant(
        "no run is started for a role of a grant that lives elsewhere",
        "RolesCompared.orphaned",
        always("elsewhere"),
        tests=_CHECK,
    ),
    Mutant(
        "a role of a grant that lives elsewhere is reported",
        "RolesCompared.unowned",
        never("elsewhere"),
        tests=_CHECK,
    ),
    Mutant(
        "a role of ours that no run has ended is reported",
        "RolesCompared.unowned",
        drop_operand("before"),
        tests=_CHECK,
    ),
    Mutant(
        "a role of the same name in another account is not the grant's",
        "DriftCheck.heard",
        never("there"),
        tests=_CHECK,
    ),
    Mutant(
        "a role that is changed again and again has one look a minute",
        "DriftCheck.heard",
        replace_call("divmod", "(int(now.timestamp()), 0)"),
        tests=_EVENTS,
    ),
    Mutant(
        "each change of a role has a look that begins after it",
        "DriftCheck.heard",
        set_variable("looks", "((minute, order),)"),
        tests=_EVENTS,
    ),
    Mutant(
        "other accounts are checked",
        "DriftCheck._start_others",
        never("accounts"),
        tests=_CHECK,
    ),
    Mutant(
        "an account without an outcome was not checked",
        "not_checked",
        swap_constant("no outcome", ""),
        tests=_WHOLE,
    ),
    Mutant(
        "a run that could not check all accounts fails",
        "fail_for",
        drop_statement("AccountsNotChecked"),
        tests=_WHOLE,
    ),
)
