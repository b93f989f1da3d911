"""Custom statements that say more than they may."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_operand,
    never,
    replace_call,
    set_variable,
    swap_constant,
)

CUSTOM = (
    Mutant("wildcards in custom actions", "_action_problem", never("*")),
    Mutant("custom beyond the boundary", "_action_problem", always("allowed")),
    Mutant("custom on anything", "_resource_problem", never("fullmatch")),
    Mutant("custom outside of an account", "_resource_problem", drop_operand("placed")),
    Mutant("custom dates of its own", "rules:conditions", never("_OURS")),
    Mutant("custom with any operator", "rules:conditions", never("_OPERATOR")),
    Mutant("custom with empty lists", "_is_value", drop_operand("bool")),
    Mutant("custom conditions dropped", "_allowances", set_variable("conditions", "{}")),
    Mutant("custom of several services", "_one_service", never("services")),
    Mutant("custom without HTTPS", "_allowances", set_variable("https", "{}")),
    Mutant(
        "custom keys for all",
        "_allowances",
        set_variable("actions", "() if reads else boundary.KEY_ACTIONS"),
    ),
    Mutant(
        "custom key through any service",
        "_allowances",
        swap_constant("kms:ViaService", "kms:CallerAccount"),
    ),
    Mutant(
        "custom that denies",
        "CustomStatement.Effect",
        replace_call("Literal", 'Literal["Allow", "Deny"]'),
    ),
)
