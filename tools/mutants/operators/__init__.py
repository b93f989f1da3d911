"""What a mutant does to a definition: each operator changes exactly one place in it.

The words that an operator is given say which place: the innermost one of its kind that mentions
all of them, as names or within texts. Code is given as an expression of Python.
"""

from tools.mutants.operators.conditions import (
    always,
    drop_operand,
    never,
    or_if,
    swap_and_or,
    swap_comparison,
)
from tools.mutants.operators.items import (
    add_item,
    drop_item,
    drop_statement,
    reverse_items,
    set_item,
)
from tools.mutants.operators.operator import Operator
from tools.mutants.operators.values import (
    drop_argument,
    replace_call,
    set_argument,
    set_return,
    set_variable,
    swap_constant,
    swap_name,
    swap_text,
)

__all__ = [
    "Operator",
    "add_item",
    "always",
    "drop_argument",
    "drop_item",
    "drop_operand",
    "drop_statement",
    "never",
    "or_if",
    "replace_call",
    "reverse_items",
    "set_argument",
    "set_item",
    "set_return",
    "set_variable",
    "swap_and_or",
    "swap_comparison",
    "swap_constant",
    "swap_name",
    "swap_text",
]
