"""How long nobody may use a grant, by the guardrails."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from latchkey.config.guardrails import Guardrails, problem_of
from latchkey.config.problem import Problem
from latchkey.times import instant


def idle_problems(
    since: Iterable[str | None], rules: Guardrails, now: datetime
) -> tuple[Problem, ...]:
    """Whether nobody has used a grant for too long; the latest time in `since` counts."""
    last = max(filter(None, since), default=None)
    if last is None or rules.max_idle_days is None:
        return ()
    if last >= instant(now - timedelta(days=rules.max_idle_days)):
        return ()
    message = f"not used since {last}, which is more than {rules.max_idle_days} days"
    return (Problem("", problem_of("max_idle_days", message)),)
