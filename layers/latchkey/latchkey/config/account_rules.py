"""In which accounts grants may be made, and what an account's own guardrails take from that."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from latchkey.config.guardrails import Guardrails, problem_of
from latchkey.config.problem import Problem

if TYPE_CHECKING:
    from latchkey.config.rules import Fields, StackContext


def account_broken(fields: "Fields", rules: Guardrails, stack: "StackContext") -> Iterator[Problem]:
    """Another account than the stack's own has to be listed by the hub's guardrails."""
    account = fields.get("account")
    if account in (None, stack.environment.own) or account in rules.allowed_accounts:
        return
    message = (
        f"account {account} is not one in which this stack may grant; whoever owns the guardrails "
        "may allow it (docs/spokes.md)"
    )
    yield Problem("/account", problem_of("allowed_accounts", message))


def meant_for_hubs(rules: Guardrails) -> tuple[str, ...]:
    """The fields of a document that an account's own guardrails cannot have.

    Who may ask for what, in which accounts, and whose approval it needs is the stack's to say; so
    is what becomes of a grant that nobody uses, or whose role was changed.
    """
    return tuple(sorted(_OF_HUBS & rules.model_fields_set))


_OF_HUBS = frozenset(
    ("allowed_accounts", "approval", "drift", "idle", "max_idle_days", "scopes"),
)


def of_spoke(problems: Iterable[Problem], account: str) -> Iterator[Problem]:
    """Problems with the guardrails of a grant's account, whose owner they are of."""
    for problem in problems:
        yield Problem(problem.path, f"account {account}, its own {problem.message}")
