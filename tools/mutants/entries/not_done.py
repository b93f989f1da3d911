"""The safeguards of accounts that fail: each alone, and told as not done."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    drop_item,
    never,
    replace_call,
    set_argument,
    set_return,
    set_variable,
)
from tools.mutants.state_machine import set_field

_INDEX = ("tests/integration/test_live_in_accounts.py",)
_CHECK = ("tests/integration/test_check_accounts.py",)
_WHOLE = ("tests/integration/test_accounts_not_checked.py",)
_MAP = ("tests/contract/test_accounts_workflow.py",)
_REASON = ("tests/unit/test_unreached.py",)
_UNREACHED = ("tests/integration/test_unreached_accounts.py",)
_PLANNED = ("tests/integration/test_plan_unreached.py",)

NOT_DONE = (
    Mutant(
        "a session that is not the one asked for is an account not reached",
        "UNREACHED",
        drop_item("SpokeMismatch"),
        tests=_REASON,
    ),
    Mutant(
        "a grant that was not revoked says so",
        "_COMES_TO",
        drop_item("revoked"),
        tests=_REASON,
    ),
    Mutant(
        "a grant that has ended by its dates says that its role remains",
        "_COMES_TO",
        drop_item("expired"),
        tests=_REASON,
    ),
    Mutant(
        "a plan that was not carried out says what it was for",
        "failed_plan",
        set_argument("failure_reason", 2, '""'),
        tests=_UNREACHED,
    ),
    Mutant(
        "planning that reaches no account says that a grant has ended",
        "taken_away:taken_away",
        never("ends", "instant"),
        tests=_PLANNED,
    ),
    Mutant(
        "planning that reaches no account says that a file is gone",
        "taken_away:_by_file",
        set_return('""', "read"),
        tests=_PLANNED,
    ),
    Mutant(
        "planning that reaches no account says what a file was to take away",
        "taken_away:_by_file",
        set_return('""', "active"),
        tests=_PLANNED,
    ),
    Mutant(
        "planning that reaches no account says nothing of what was done before",
        "taken_away:_by_file",
        never("newer"),
        tests=_PLANNED,
    ),
    Mutant(
        "an account of another name than twelve digits is none",
        "AccountCheck.check",
        never("isascii"),
        tests=_WHOLE,
    ),
    Mutant(
        "an account is no grant of the stack's own",
        "LiveGrants.of_account",
        never("_marked"),
        tests=_INDEX,
    ),
    Mutant(
        "an account is no grant where all are told apart",
        "LiveGrants.by_account",
        set_variable("own", "[LiveGrant.from_item(item) for item in items]"),
        tests=_INDEX,
    ),
    Mutant(
        "no grant is taken for an account",
        "grants_by_expiry:_marked",
        never("ACCOUNT"),
        tests=_INDEX,
    ),
    Mutant(
        "what fails in an account stops no other",
        "reconcile_workflow.asl.json:CheckAccount",
        set_field("Catch", []),
        tests=_MAP,
    ),
    Mutant(
        "no number of accounts that fail stops the others",
        "reconcile_workflow.asl.json:CheckAccounts",
        set_field("ToleratedFailureCount", 0),
        tests=_MAP,
    ),
    Mutant(
        "a run ends by naming the accounts that were not checked",
        "reconcile_workflow.asl.json:CheckAccounts",
        set_field("Next", "AccountsChecked"),
        tests=_MAP,
    ),
    Mutant(
        "other accounts are checked though the own one cannot be",
        "DriftCheck.check",
        replace_call(
            "_start_others",
            "[*self.iam.roles(self.naming.path, self.naming.stack)] is not None "
            "and self._start_others(found, rules, now)",
        ),
        tests=_CHECK,
    ),
    Mutant(
        "roles there are looked at though the guardrails there cannot be read",
        "AccountCheck._compared",
        set_variable(
            "enrolled", "there.guardrails.read() and SpokeRole.CHECK.name_for(self.naming.stack)"
        ),
        tests=_CHECK,
    ),
    Mutant(
        "an event is of the account that it names",
        "check_drift.app:_heard",
        set_argument("heard", 1, "drift_check().account", "account"),
        tests=_CHECK,
    ),
)
