"""Configs that are taken, and guardrails that hold nobody."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    drop_statement,
    never,
    replace_call,
    set_return,
    swap_constant,
    swap_text,
)

_RULES = (
    Mutant("our own account as partner", "principal_problems", never("account")),
    Mutant("principals of other partitions", "principal_problems", never("partition")),
    Mutant("wildcards in principals", "_NAME", swap_text(".@-]", ".@*-]")),
    Mutant("no external ID needed", "external_id_problems", never("accounts")),
    Mutant("short external IDs", "_external_id", swap_constant(8, 2)),
    Mutant("resources of other regions", "rules:resource_problems", never("region")),
    Mutant("expired before it is read", "time_problems", never("now")),
    Mutant("over before it starts", "time_problems", never("starts_at")),
    Mutant("the whole internet", "_network", never("prefixlen")),
)

_GUARDRAILS = (
    Mutant("any partner account", "guardrails:_principals", never("allowed")),
    Mutant("any length of grant", "_times", never("max_grant_days")),
    Mutant("any session", "_times", never("longest")),
    Mutant("any service", "_services", never("allowed")),
    Mutant("custom without leave", "_services", never("allow_custom")),
    Mutant(
        "custom allowed unless forbidden", "Guardrails.allow_custom", swap_constant(False, True)
    ),
    Mutant("missing tags", "guardrail_problems", drop_statement("required_tags")),
    Mutant(
        "denied only when equal",
        "guardrails:_denied",
        replace_call("any", "p in targets"),
    ),
    Mutant(
        "one allowed resource for all of custom",
        "CustomAccess.targets",
        set_return("(tuple(arn for each in self.statements for arn in each.Resource),)"),
    ),
    Mutant("allowed when touched", "covers", set_return("overlaps(target, pattern)")),
    Mutant(
        "overlap up to the pattern's first wildcard",
        "overlaps",
        replace_call("len", "len(pattern.split('*')[0])"),
    ),
)

CONFIGS = (*_RULES, *_GUARDRAILS)
