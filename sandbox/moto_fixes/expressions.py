"""Fixes of moto's expressions of DynamoDB, all for speed: it reads the same few again and again."""

import pickle
from collections import deque
from functools import cache
from typing import Any

from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.parsing import validators
from moto.dynamodb.parsing.ast_nodes import (  # type: ignore[attr-defined]  # it ignores itself
    DepthFirstTraverser,
    Node,
)
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]

from sandbox.moto_fixes.replacing import replace_member


def parse_each_update_once() -> None:
    """For speed: moto parses an update twice for each call, and each copy of it goes node by node.

    Mends `UpdateExpressionParser.make`, moto/dynamodb/parsing/expressions.py:485, and `deepcopy` as
    imported in moto/dynamodb/parsing/validators.py:7: only copies are changed.
    """
    parsed = cache(UpdateExpressionParser.make)
    pickled = cache(pickle.dumps)
    replace_member(UpdateExpressionParser, "make", staticmethod(parsed))
    replace_member(validators, "deepcopy", lambda tree: pickle.loads(pickled(tree)))  # noqa: S301


def ask_each_kind_of_node_once() -> None:
    """For speed: each of ten processors asks abstract classes about each node of an update.

    Mends `DepthFirstTraverser.traverse_node_recursively`, moto/dynamodb/parsing/ast_nodes.py:377.
    What a processor is for goes by its class.
    """
    is_for: dict[tuple[type, type], bool] = {}

    def traversing(self: Any, node: Any, child_id: int = -1) -> Any:
        kinds = (type(self), type(node))
        if kinds not in is_for:
            is_for[kinds] = isinstance(node, self.nodes_to_be_processed())
        if not isinstance(node, Node):
            return node
        parent = node.parent
        for number, child in enumerate(node.children or ()):
            self.pre_processing_of_child(node, number)
            traversing(self, child, number)
        if is_for[kinds]:
            node = self.process(node)
            node.parent = parent
            if parent:
                parent.children[child_id] = node
        return node

    replace_member(DepthFirstTraverser, "traverse_node_recursively", traversing)


def split_each_condition_once() -> None:
    """For speed: moto compiles its patterns for each word of a condition.

    Mends `ConditionExpressionParser._lex_condition_expression`, moto/dynamodb/comparisons.py:306.
    """
    split = ConditionExpressionParser._lex_condition_expression  # noqa: SLF001
    words = cache(lambda condition: tuple(split(ConditionExpressionParser(condition, None, None))))

    def splitting(self: Any) -> Any:
        return deque(words(self.condition_expression))

    replace_member(ConditionExpressionParser, "_lex_condition_expression", splitting)


def count_clauses_once() -> None:
    """For speed: moto counts the clauses below each node of an update, not only of the whole.

    Mends `ActionCountValidator`, moto/dynamodb/parsing/validators.py:506, whose `traverse` is
    inherited.
    """

    def counting(self: Any, update: Any) -> Any:
        return self.verify_action_counts(update)

    replace_member(validators.ActionCountValidator, "traverse", counting)


FIXES = (
    ask_each_kind_of_node_once,
    count_clauses_once,
    parse_each_update_once,
    split_each_condition_once,
)
