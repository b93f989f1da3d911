"""The safeguards of approvals: each of what an approval has to be."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_item,
    drop_operand,
    never,
    or_if,
    replace_call,
    set_item,
    set_return,
    set_variable,
    swap_text,
)

_COUNTED = ("tests/unit/test_approvals.py",)
_KEYS = ("tests/unit/test_approval_keys.py",)
_RUNS = ("tests/integration/test_approvals.py",)
_PASSED_OVER = ("tests/integration/test_approvals_passed_over.py",)
_SUSPENDED = ("tests/integration/test_approvals_suspended.py",)
_WORLD = ("tests/integration/test_approvals_world.py",)
_DIGEST = ("tests/unit/test_state_digest.py", "tests/unit/test_state_digest_fields.py")
_PARTS = (
    "grant",
    "account",
    "role",
    "trust",
    "permissions",
    "others",
    "boundary",
    "attached",
    "max_session_duration",
)

APPROVALS = (
    Mutant(
        "an approver is in the group",
        "approval:_person",
        never("members"),
        tests=_COUNTED,
    ),
    Mutant(
        "a role counts once, whatever its sessions are called",
        "approval:_person",
        never("identity_center"),
        tests=_COUNTED,
    ),
    Mutant(
        "nobody is another than an unknown author",
        "approval:_is_another",
        never("author"),
        tests=_COUNTED,
    ),
    Mutant(
        "who uploads does not approve",
        "approval:counted",
        drop_operand("_is_another"),
        tests=_COUNTED,
    ),
    Mutant(
        "approvals are newer than the request",
        "approval:counted",
        drop_operand("since"),
        tests=_COUNTED,
    ),
    Mutant(
        "approvals end with their validity",
        "approval:counted",
        drop_operand("valid_for"),
        tests=_COUNTED,
    ),
    Mutant(
        "the digest of an approval is compared",
        "approval:_is_for",
        set_variable("same", "True"),
        tests=_COUNTED,
    ),
    Mutant(
        "one person counts for one group",
        "enough",
        always("taken"),
        tests=_COUNTED,
    ),
    Mutant(
        "keys are read whole",
        "approval_key:_read",
        replace_call("fullmatch", "_KEY.match(key)"),
        tests=_KEYS,
    ),
    Mutant(
        "a role's key names a session",
        "approval_key:_read",
        drop_operand("startswith"),
        tests=_KEYS,
    ),
    Mutant(
        "what is held is not carried out",
        "held:held",
        swap_text("record", "grant"),
        tests=_RUNS,
    ),
    Mutant(
        "inline configs under a rule are rejected",
        "ApprovalStep.approve",
        never("key"),
        tests=_RUNS,
    ),
    Mutant(
        "checks go by what was accepted while more waits",
        "Planner._plan",
        never("waits"),
        tests=_RUNS,
    ),
    Mutant(
        "a version that came before a suspension is not granted while it lasts",
        "ApprovalStep.approve",
        never("until_resumed"),
        tests=_SUSPENDED,
    ),
    Mutant(
        "unreadable guardrails may hold a version that came before a suspension",
        "until_resumed",
        or_if("found is None", "lookups"),
        tests=_SUSPENDED,
    ),
    Mutant(
        "what was put off is planned once its grant is resumed",
        "Planner._planned",
        drop_item("_put_off"),
        tests=_SUSPENDED,
    ),
    Mutant(
        "checks go by what was accepted while a version is put off",
        "Planner._plan",
        drop_operand("PutOff"),
        tests=_SUSPENDED,
    ),
    Mutant(
        "a rejection is noted while runs go by the version before",
        "held:passed_over",
        never("rejected_by"),
        tests=_PASSED_OVER,
    ),
    Mutant(
        "who looks again tells what nobody was told",
        "Planner._plan",
        always("news"),
        tests=_PASSED_OVER,
    ),
    Mutant(
        "what waits stays known while its grant is suspended",
        "next_state:_pending",
        drop_operand("suspended"),
        tests=_PASSED_OVER,
    ),
    Mutant(
        "what waits is planned anew when its grant has ended",
        "planner:_put_off",
        drop_operand("ended"),
        tests=_PASSED_OVER,
    ),
    Mutant(
        "an order that comes late resumes nothing that was suspended since",
        "workflow.plan.decide:_order_problems",
        never("_suspended_since"),
        tests=_PASSED_OVER,
    ),
    Mutant(
        "of two suspensions, the later one counts",
        "next_state:_instructed_at",
        set_variable("again", "False"),
        tests=_PASSED_OVER,
    ),
    Mutant(
        "what nobody can approve keeps nobody from repairing",
        "workflow.plan.diff:_plan",
        drop_operand("_cut"),
        tests=_PASSED_OVER,
    ),
    Mutant(
        "a version that nobody could plan for was not accepted",
        "PlanningContext.newer",
        drop_operand("accepted"),
        tests=_PASSED_OVER,
    ),
    Mutant(
        "a role that was changed by hand is nothing to compare with",
        "granted_as",
        always("known"),
        tests=_WORLD,
    ),
    Mutant(
        "a rejection stays",
        "ApprovalStep._hold",
        set_variable("rejected", "found.rejected_by"),
        tests=_WORLD,
    ),
    Mutant(
        "a version that was uploaded since is waited for, if any is",
        "endings:_waiting_for_newest",
        always("waits_for_another"),
        tests=_WORLD,
    ),
    Mutant(
        "prolonging waits by rules with days",
        "rules_for",
        drop_operand("days"),
        tests=("tests/unit/test_approval_matches.py",),
    ),
    Mutant(
        "short renewals add up",
        "next_state:began",
        set_return("context.now", "parse_instant(record.began)"),
        tests=("tests/integration/test_approvals.py",),
    ),
    *(
        Mutant(
            f"{part} counts in what is approved",
            "state_digest",
            set_item(part, '""'),
            tests=_DIGEST,
        )
        for part in _PARTS
    ),
    Mutant(
        "a tag that a policy names counts, with a space at its end",
        "tags_named",
        set_variable("keys", "{*map(str.rstrip, found)}"),
        tests=_DIGEST,
    ),
    Mutant(
        "a tag that a variable with a default names counts",
        "tags_named",
        set_variable("keys", "{*found}"),
        tests=_DIGEST,
    ),
)
