"""The safeguards of the index of live grants by account: none is missed, no account is one."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_item,
    never,
    set_return,
    set_variable,
    swap_constant,
)

_INDEX = ("tests/integration/test_live_in_accounts.py",)

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
        "GrantTable._spoke_writes",
        always("account_partition"),
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
)
