"""Configs that are taken, and guardrails that hold nobody."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    drop_item,
    drop_operand,
    drop_statement,
    never,
    replace_call,
    set_return,
    set_variable,
    swap_constant,
    swap_name,
    swap_text,
)

_RULES = (
    Mutant("our own account as partner", "principal_problems", never("account")),
    Mutant("principals of other partitions", "principal_problems", never("partition")),
    Mutant("wildcards in principals", "_NAME", swap_text(".@-]", ".@*-]")),
    Mutant("accounts without an external ID", "external_id_problems", never("whole_account")),
    Mutant("resources of other regions", "rules:resource_problems", never("region")),
    Mutant("expired before it is read", "time_problems", never("now")),
    Mutant("over before it starts", "time_problems", never("starts_at")),
    Mutant("the whole internet", "parse_network", never("prefixlen")),
    Mutant("addresses that nobody has", "parse_network", never("never_seen")),
    Mutant("ranges with more than their prefix", "parse_network", never("without_host_bits")),
    Mutant(
        "Identity Center without its path", "parse_principal", drop_statement("_require_sso_path")
    ),
    Mutant("the internet in two halves", "network_problems", never("keep_nobody_out")),
    Mutant("the newer internet", "keep_nobody_out", drop_operand("_ASSIGNED")),
)

_GUARDRAILS = (
    Mutant("any partner account", "guardrails:_principals", never("allowed")),
    Mutant("any length of grant", "period_broken", never("longest")),
    Mutant("any session", "_times", never("longest")),
    Mutant("any service", "_services", never("allowed")),
    Mutant("custom without leave", "_services", never("allow_custom")),
    Mutant(
        "custom allowed unless forbidden", "Guardrails.allow_custom", swap_constant(False, True)
    ),
    Mutant("short external IDs", "external_id_rules:_short", never("least")),
    Mutant("anybody without an external ID", "external_id_broken", never("needy")),
    Mutant("accounts that need no external ID", "_role_or_user", never("whole_account")),
    Mutant("missing tags", "guardrail_problems", drop_statement("required_tags")),
    Mutant("denied without what lies within", "Reached.touched_by", drop_item("_parts")),
    Mutant("denied under one name only", "Reached.touched_by", drop_item("also")),
    Mutant("allowed when touched", "Reached.lies_in", swap_name("arn_covers", "arn_overlaps")),
    Mutant("wildcards over the colons of ARNs", "_fields", set_return("None")),
    Mutant(
        "overlap up to the first wildcard",
        "patterns:_after",
        replace_call("range", "range(min(reached), min(reached) + 1)"),
    ),
    Mutant("covered by some texts", "covers", set_variable("letters", "list(set(pattern))")),
)

_OWN = (
    Mutant("Latchkey's own names", "own_resource_problems", drop_statement("own_problems")),
    Mutant(
        "own names that are implied",
        "validated",
        drop_item("own_problems"),
        tests=("tests/unit/test_own_resources.py",),
    ),
    Mutant("own guardrails by path", "ssm.spec:SPEC", drop_item("parameter/latchkey/*")),
    Mutant(
        "the bus that has no more than the prefix",
        "events.spec:SPEC",
        swap_constant("event-bus/latchkey", "event-bus/latchkey-"),
    ),
)

CONFIGS = (*_RULES, *_GUARDRAILS, *_OWN)
