"""Whose a grant is that belongs to a scope: what its own file may do, and no other's."""

from collections.abc import Iterable

from latchkey.config.problem import Problem
from latchkey.config.scope_rules import is_of_scopes
from latchkey.workflow.plan.context import PlanningContext


def of_another_source(context: PlanningContext) -> bool:
    """Whether a grant of a scope is named by a config that is not the one on record for it.

    Such a config may be of another scope. It can get the grant, by the claims that this takes;
    until then it changes nothing of it, and ends nothing.
    """
    record = context.record
    if context.order or record is None or not record.scope:
        return False
    return record.config_key != context.key


def stays_anothers(problems: Iterable[Problem], context: PlanningContext) -> bool:
    """Whether the grant that a rejected config names is on record for another source's scope."""
    if context.record is None or context.record.config_key == context.key:
        return False
    return of_another_source(context) or any(map(is_of_scopes, problems))


def waits_in_vain(problems: Iterable[Problem], context: PlanningContext) -> bool:
    """Whether a check finds that a grant which waits for approval is another scope's by now."""
    waits = context.record is not None and context.record.waits
    return context.checks and waits and any(map(is_of_scopes, problems))
