"""The safeguards of notifications: results, events, messages and the register."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_operand,
    drop_statement,
    never,
    replace_call,
    set_return,
    set_variable,
    swap_text,
)

_NOTIFY = ("tests/integration/test_notify.py",)
_REGISTER = (
    "tests/integration/test_register.py",
    "tests/integration/test_register_failures.py",
)

_REDACTED = ("tests/unit/test_redacted_media.py",)
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
        "Redactor._word",
        set_return("found.group()"),
        tests=_REDACTED,
    ),
    Mutant(
        "an external ID is known in capitals and small letters",
        "Redactor._without",
        set_variable("low", "word"),
        tests=_REDACTED,
    ),
    Mutant(
        "of external IDs that overlap the longest goes",
        "redaction:_merged",
        never("start"),
        tests=("tests/unit/test_redaction.py",),
    ),
    Mutant(
        "what acts in a text is not seen in any medium",
        "unseen",
        set_return("False"),
        tests=("tests/unit/test_text_in_media.py",),
    ),
    Mutant(
        "what looks like nothing is not seen either",
        "unseen",
        drop_operand("match"),
        tests=("tests/unit/test_text.py",),
    ),
    Mutant(
        "a text makes no line of its own in an e-mail",
        "mail:_line",
        set_return("text"),
        tests=("tests/unit/test_text_in_media.py",),
    ),
    Mutant(
        "a blank reason is none",
        "_not_blank",
        never("shows"),
        tests=("tests/unit/test_blank_texts.py",),
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
    Mutant(
        "pages for pull requests that mention people",
        "quiet",
        set_return("text"),
        tests=("tests/unit/test_changes_markdown.py",),
    ),
    Mutant(
        "chats in which a text ends its code",
        "chat:code",
        replace_call("translate", "shown"),
        tests=("tests/unit/test_chat.py",),
    ),
    Mutant(
        "a chat that is down fails the step",
        "ChatTopic.publish",
        replace_call("_failed", "1 / 0"),
        tests=("tests/integration/test_chat.py",),
    ),
    Mutant(
        "facts written over those that are there",
        "SecurityLog.put",
        swap_text("*", ""),
        tests=("tests/integration/test_facts.py",),
    ),
    Mutant(
        "facts that quote external IDs",
        "ocsf",
        set_variable("redact", "Redactor(())"),
        tests=("tests/unit/test_ocsf.py",),
    ),
    Mutant(
        "a comment of somebody else that is taken for the plan",
        "latchkey_cli.pull_requests.comment:tell",
        set_variable("ours", "True"),
        tests=("tests/cli/test_plan_comment.py",),
    ),
    Mutant(
        "a pull request of a fork that is planned",
        "latchkey_cli.pull_requests.decision:_of_pull_request",
        never("full_name"),
        tests=("tests/cli/test_action.py",),
    ),
)
