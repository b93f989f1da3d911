"""The safeguards against loss and half-done work: without any one of them a test fails.

Only the tests named with a mutant run on it.
"""

from tools.mutants.entries.accounts import ACCOUNTS
from tools.mutants.entries.chains import CHAINS
from tools.mutants.entries.confirmation import CONFIRMATION
from tools.mutants.entries.ends import ENDS
from tools.mutants.entries.notices import NOTICES
from tools.mutants.entries.sessions import SESSIONS
from tools.mutants.entries.state import STATE
from tools.mutants.entries.surroundings import AROUND
from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_item,
    drop_operand,
    never,
    replace_call,
    reverse_items,
    set_argument,
    set_item,
    set_return,
    set_variable,
    swap_text,
)
from tools.mutants.template import drop_key, set_key

_FAILURES = ("tests/integration/test_failures.py",)
_TAKEOVER = ("tests/integration/test_takeover.py",)
_SAFEGUARDS = ("tests/integration/test_safeguards.py",)
_BAD_CONFIGS = ("tests/integration/test_bad_configs.py",)
_APPLY = ("tests/unit/test_apply_plan.py",)
_INTAKE = ("tests/integration/test_intake.py",)
_EXPIRY = ("tests/integration/test_expiry_and_sweep.py",)
_ENVIRONMENT = ("tests/contract/test_environment.py",)
_CONTRACT = ("tests/contract/test_workflow.py", "tests/contract/test_template.py")

_OWNER = "lease_owner = :me"
_ANYBODY = f"attribute_not_exists(nothing) OR {_OWNER}"

_LEASES = (
    Mutant(
        "the lease",
        "Leases.acquire",
        swap_text("attribute_not_exists(lease_owner)", "attribute_not_exists(nothing)"),
        tests=_FAILURES,
    ),
    Mutant(
        "taking over an expired lease",
        "Leases.acquire",
        swap_text("lease_until < :now", "(lease_until = :me AND lease_until < :now)"),
        tests=_FAILURES,
    ),
    Mutant(
        "the lease renewed before anything is applied",
        "Leases.begin",
        swap_text(f"{_OWNER} AND", f"{_ANYBODY} OR"),
        tests=_FAILURES,
    ),
    Mutant(
        "only its owner gives a lease back",
        "Leases.release",
        swap_text(_OWNER, _ANYBODY),
        tests=_SAFEGUARDS,
    ),
    Mutant(
        "a version that came before the lease was had is read inside the lease",
        "ConfigLoader._of_file",
        never("unrecorded"),
        tests=_SAFEGUARDS,
    ),
)

_RECORDS = (
    Mutant(
        "the conditional write of the record",
        "record_writes",
        swap_text(_OWNER, _ANYBODY),
        tests=_FAILURES,
    ),
    Mutant(
        "an event is written once",
        "chain_writes",
        drop_item("ConditionExpression"),
        tests=("tests/integration/test_records.py",),
    ),
    Mutant(
        "recorded changes leave the intent log",
        "record_writes",
        swap_text("REMOVE intents", "REMOVE nothing"),
        tests=_SAFEGUARDS,
    ),
    Mutant(
        "a generated external ID stays while its grant is live",
        "kept_external_id",
        set_return("None", "record.external_id"),
        tests=_BAD_CONFIGS,
    ),
    Mutant(
        "a generated external ID ends with its grant",
        "kept_external_id",
        drop_operand("live"),
        tests=_BAD_CONFIGS,
    ),
    Mutant(
        "a generated external ID is of one file",
        "kept_external_id",
        drop_operand("config_key"),
        tests=_BAD_CONFIGS,
    ),
    Mutant(
        "a generated external ID is of one partner",
        "kept_external_id",
        drop_operand("_parties"),
        tests=_BAD_CONFIGS,
    ),
    Mutant(
        "one partner for one external ID",
        "claim_write",
        set_item("ConditionExpression", '"attribute_not_exists(nothing)"'),
        tests=_SAFEGUARDS,
    ),
    Mutant(
        "external IDs of a failed change are kept in mind",
        "failed_plan",
        set_variable("maybe", "plan.state.external_ids"),
        tests=_TAKEOVER,
    ),
    Mutant(
        "a file that another run recorded meanwhile is planned again",
        "bind_write",
        set_item("ConditionExpression", '"attribute_not_exists(nothing) OR grants = :grants"'),
        tests=_SAFEGUARDS,
    ),
    Mutant(
        "a removed file that had granted nothing still has not when that is recorded",
        "_update",
        swap_text("AND attribute_not_exists(grants)", "AND attribute_not_exists(nothing)"),
        tests=_SAFEGUARDS,
    ),
    Mutant(
        "a file is noted before its role is made",
        "_newly_bound",
        set_return("None", "key"),
        tests=("tests/integration/test_convergence.py", "tests/integration/test_file_and_grant.py"),
    ),
    Mutant(
        "coalescing only what is settled",
        "FileRecord.settled_at",
        drop_operand("failed"),
        tests=("tests/integration/test_coalescing.py",),
    ),
)

_EVENTS = (
    Mutant(
        "the partial-batch answer of the function",
        "intake_config.app:handler",
        set_return('{"batchItemFailures": []}'),
        tests=_INTAKE,
    ),
    Mutant(
        "the partial-batch answer in the template",
        "template.yaml:IntakeConfigFunction.Properties.Events.ConfigFiles",
        drop_key("FunctionResponseTypes"),
        tests=_CONTRACT,
    ),
    Mutant(
        "orders that take access away are planned apart",
        "template.yaml:GrantWorkflow",
        set_key("PlanOrderFunctionArn", "!GetAtt PlanGrantFunction.Arn"),
        tests=_ENVIRONMENT,
    ),
    Mutant(
        "orders that suspend are carried out apart",
        "template.yaml:GrantWorkflow",
        set_key("SuspendAccessFunctionArn", "!GetAtt GrantAccessFunction.Arn"),
        tests=_ENVIRONMENT,
    ),
    Mutant(
        "removals wait behind no upload",
        "template.yaml:IntakeConfigFunction.Properties.Events.RemovedFiles",
        set_key("Queue", "!GetAtt ConfigQueue.Arn"),
        tests=_CONTRACT,
    ),
    Mutant(
        "uploads begin at a pace",
        "intake_config.app:started",
        replace_call("intake_pause", "intake()"),
        tests=_INTAKE,
    ),
    Mutant(
        "the dead-letter queue",
        "template.yaml:ConfigQueue",
        set_key("deadLetterTargetArn", "!GetAtt ConfigQueue.Arn"),
        tests=_CONTRACT,
    ),
    Mutant(
        "a message that comes twice starts one run",
        "file_run",
        set_argument("sha256", 0, '__import__("uuid").uuid4().bytes'),
        tests=_INTAKE,
    ),
    Mutant(
        "a scheduled check reads the grant again",
        "lifecycle:decide",
        set_argument("expired", 0, 'now if reason == "expiry schedule" else config.expires_at'),
        tests=_EXPIRY,
    ),
    Mutant(
        "a version that expired before it was read ends the grant",
        "ConfigLoader._read",
        replace_call("min", "now"),
        tests=_EXPIRY,
    ),
)

_ROLES = (
    Mutant("the refusal of foreign roles", "_owning", never("belongs_to"), tests=_FAILURES),
    Mutant(
        "reading back what was written",
        "Executor._verify",
        drop_operand("plan_role"),
        tests=_APPLY,
    ),
    Mutant("reading back what was removed", "Executor._verify", always("exists"), tests=_APPLY),
    Mutant(
        "planning anew where IAM is not as planned for",
        "Executor.apply",
        drop_item("*again"),
        tests=_APPLY,
    ),
    Mutant(
        "the schedule before the role",
        "diff:_provision",
        reverse_items("plan_schedule"),
        tests=("tests/integration/test_lifecycle.py", *_SAFEGUARDS),
    ),
)

_OWN = (*_LEASES, *_RECORDS, *_EVENTS, *_ROLES)
LOSS = (*_OWN, *STATE, *ENDS, *CONFIRMATION, *AROUND, *NOTICES, *SESSIONS, *ACCOUNTS, *CHAINS)
