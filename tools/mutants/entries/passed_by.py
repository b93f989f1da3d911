"""The safeguards of what a rule is about: what would pass it by, and what is shown of it."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_item,
    drop_statement,
    never,
    replace_call,
    set_return,
    set_variable,
)
from tools.mutants.template import set_key

_RUNS = ("tests/integration/test_approvals_passed_by.py",)
_FIELDS = ("tests/unit/test_widening_fields.py",)
_DIGEST = ("tests/unit/test_state_digest.py",)
_MATCHES = ("tests/unit/test_approval_matches.py",)
_REACH = ("tests/unit/test_guardrails_reach.py",)
_BUCKET = ("tests/contract/test_config_bucket.py",)

PASSED_BY = (
    Mutant(
        "an end that is confirmed is a later one than a fixed one",
        "asked_for",
        set_variable("opens", "False"),
        tests=_RUNS,
    ),
    Mutant(
        "an end that is confirmed is another state",
        "state_digest",
        never("confirm_every_days"),
        tests=_DIGEST,
    ),
    Mutant(
        "an end that is confirmed is told",
        "in_words:_open_end",
        drop_statement("Line"),
        tests=_RUNS,
    ),
    Mutant(
        "a later start begins nothing anew",
        "next_state:_began",
        never("known"),
        tests=_RUNS,
    ),
    Mutant(
        "what has not begun counts from its start",
        "days_of",
        set_variable("begun", "since is not None"),
        tests=_MATCHES,
    ),
    Mutant(
        "a rule by services is about all that is reached",
        "Touched.all_services",
        set_return("self.services"),
        tests=_MATCHES,
    ),
    Mutant(
        "keys behind resources are not used by themselves",
        "Touched.all_services",
        always("bounded_by"),
        tests=_MATCHES,
    ),
    Mutant(
        "a federated user may be anybody",
        "approval:uploader",
        drop_item("federated"),
        tests=("tests/integration/test_approvals_attacked.py",),
    ),
    Mutant(
        "no value passes for words of the summary",
        "condition_words:_quoted",
        set_return("text"),
        tests=("tests/unit/test_summary_by_hand.py",),
    ),
    Mutant(
        "what was done by hand hides nothing from who approves",
        "in_words:_before_and_after",
        never("told_anew"),
        tests=_RUNS,
    ),
    Mutant(
        "a role that is not as it was granted is told of as that",
        "_unlike_granted",
        set_return("False"),
        tests=_RUNS,
    ),
    Mutant(
        "an external ID hides no name from who approves",
        "notice:_lines",
        never("HIDDEN"),
        tests=("tests/unit/test_hidden_names.py",),
    ),
    Mutant(
        "nothing is approved that was not shown",
        "latchkey_cli.commands.approve:command",
        never("shown"),
        tests=("tests/cli/test_approve.py",),
    ),
    Mutant(
        "a role that was made anew by hand is cut, too",
        "diff:_provision",
        set_variable("cut", "repaired(desired, observed, Written((NOBODYS,)))"),
        tests=_RUNS,
    ),
    Mutant(
        "a member's files are found among those of others",
        "Approvals.of",
        replace_call("_of_members", "[]"),
        tests=_RUNS,
    ),
    Mutant(
        "a member's rejections are found among the files of others",
        "Approvals._of_members",
        drop_item("REJECTING"),
        tests=_RUNS,
    ),
    Mutant(
        "a variable may stand for any text",
        "condition:wider",
        set_variable("reached", "target"),
        tests=_FIELDS,
    ),
    Mutant(
        "a variable in an ARN may have colons",
        "condition:_wider_arn",
        never("target"),
        tests=_FIELDS,
    ),
    Mutant(
        "an alias may stand for any key",
        "_Kms.also_known",
        never("key"),
        tests=_REACH,
    ),
    Mutant(
        "names of endpoints are compared in lower case",
        "Reached.touched_by",
        never("lower"),
        tests=_REACH,
    ),
    Mutant(
        "nobody removes a version for good",
        "template.yaml:ConfigBucketPolicy",
        set_key("Action", "s3:DeleteObject", "VersionsStay"),
        tests=_BUCKET,
    ),
    Mutant(
        "nobody fills a folder of an approver",
        "template.yaml:ConfigBucketPolicy",
        set_key("Action", "s3:ReplicateObject", "NoFoldersOfApprovers"),
        tests=_BUCKET,
    ),
    Mutant(
        "nobody removes another's rejection",
        "template.yaml:ConfigBucketPolicy",
        set_key("Action", "[s3:PutObject, s3:ReplicateObject]", "NothingButConfigsAndOwnApprovals"),
        tests=_BUCKET,
    ),
)
