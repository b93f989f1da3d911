"""Trust and permissions policies that let in more than the config asks for."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_argument,
    drop_item,
    never,
    replace_call,
    set_item,
    set_variable,
    swap_constant,
)

POLICIES = (
    Mutant("permissions without expiry", "_allow", drop_argument("_conditions", 2)),
    Mutant("buckets of strangers", "_allow", drop_argument("_conditions", 1)),
    Mutant("buckets of strangers beside ours", "policies:_owned", replace_call("all", "True")),
    Mutant("trust without expiry", "policies:_partner", drop_argument("_conditions", 1)),
    Mutant("start left out", "validity", never("starts_at")),
    Mutant(
        "expiry one operator too late",
        "validity",
        swap_constant("DateLessThan", "DateLessThanEquals"),
    ),
    Mutant(
        "external ID by pattern", "policies:_partner", swap_constant("StringEquals", "StringLike")
    ),
    Mutant("external ID left out", "policies:_partner", drop_item("sts:ExternalId")),
    Mutant("source IPs left out", "trust_policy", never("source_ips")),
    Mutant("MFA left out", "policies:_partner", never("require_mfa")),
    Mutant("organization left out", "policies:_partner", drop_item("organization_id")),
    Mutant("session tags of any key", "tag_condition", always("session_tags")),
    Mutant("session tags without expiry", "trust_policy", replace_call("_bound", "{}")),
    Mutant("session tags to everybody", "session_statements", set_variable("allowed", "{}")),
    Mutant("latchkey's keys as session tags", "tag_condition", drop_item("latchkey:*")),
    Mutant("our account in place of the role", "self_statements", set_variable("itself", "{}")),
    Mutant(
        "the role assumes itself after its end",
        "permissions_policy",
        replace_call("_conditions", "{}"),
    ),
    Mutant("empty conditions rendered", "policies:_conditions", always("value")),
    Mutant("suspended, yet allowed", "suspended_policy", swap_constant("Deny", "Allow")),
    Mutant("suspended with nothing said", "suspended_policy", drop_item("deny")),
    Mutant(
        "conditions of one operator overwritten",
        "policies:_conditions",
        replace_call("update", "joined.__setitem__(operator, filled)"),
    ),
    Mutant(
        "statements of entries under one name",
        "_allow",
        set_item("Sid", 'f"Access0{allowance.name}"'),
    ),
)
