"""The safeguards of notifications: results, events, messages and the register."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_operand,
    drop_statement,
    never,
    replace_call,
    set_variable,
    swap_text,
)

_NOTIFY = ("tests/integration/test_notify.py",)
_REGISTER = (
    "tests/integration/test_register.py",
    "tests/integration/test_register_failures.py",
)

_KEYS = ("tests/unit/test_result_keys.py",)

NOTICES = (
    Mutant(
        "a misplaced file has no other's result",
        "result_stem",
        always("is_config_key"),
        tests=_KEYS,
    ),
    Mutant(
        "a long key has a result and a sheet",
        "result_stem",
        always("fits"),
        tests=_KEYS,
    ),
    Mutant(
        "a late notification checks for a newer recorded result",
        "Notifier.notify",
        drop_statement("_catch_up"),
        tests=_NOTIFY,
    ),
    Mutant(
        "the end of a grant that never was leaves no sheet",
        "Notifier._replace",
        always("is_of"),
        tests=_NOTIFY,
    ),
    Mutant(
        "events that the bus does not take are no success",
        "EventBus.put",
        never("FailedEntryCount"),
        tests=_NOTIFY,
    ),
    Mutant(
        "no external ID in what anybody may hear",
        "_without",
        drop_statement("(external ID)"),
        tests=_NOTIFY,
    ),
    Mutant(
        "register that forgets external IDs of the past",
        "RegisterPublisher._built",
        drop_operand("before", "external_ids"),
        tests=_REGISTER,
    ),
    Mutant(
        "register that writes over a newer one",
        "RegisterFiles.write",
        set_variable("condition", "{}"),
        tests=_REGISTER,
    ),
    Mutant(
        "register that trusts events alone",
        "RegisterPublisher._built",
        replace_call("_differs", "str(grant) not in known"),
        tests=_REGISTER,
    ),
    Mutant(
        "register whose data can end their block",
        "_ESCAPES",
        swap_text("<>&", ">&"),
        tests=("tests/unit/test_register_page.py",),
    ),
)
