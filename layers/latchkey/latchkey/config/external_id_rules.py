"""What the guardrails say about external IDs: how long they are, and who needs none."""

from collections.abc import Iterator

from latchkey.config.guardrails import Guardrails, problem_of
from latchkey.config.problem import Problem, pointer
from latchkey.config.rules import MISSING, Fields, StackContext, without_external_id


def external_id_broken(fields: Fields, rules: Guardrails, stack: StackContext) -> Iterator[Problem]:
    """The problems of a config with the guardrails about external IDs.

    `fields` are those of a config that are valid by themselves.
    """
    yield from _short(fields.get("external_id"), rules.min_external_id_length)
    foreign = without_external_id(fields, stack) or ()
    needy = [one for one in foreign if one.text not in rules.no_external_id_principals]
    if needy and not any(one.whole_account for one in needy):  # an account is no matter of rules
        named = ", ".join(one.text for one in needy[:3])
        message = f"{MISSING}; only principals that are listed need none, and {named} is not"
        yield Problem("/external_id", problem_of("no_external_id_principals", message))


def _short(given: str | list[str] | None, least: int) -> Iterator[Problem]:
    several = isinstance(given, list)
    for index, external_id in enumerate([given] if isinstance(given, str) else given or ()):
        if len(external_id) < least:
            path = pointer(["external_id", index] if several else ["external_id"])
            message = (
                f"the external ID has {len(external_id)} characters, where {least} are the least; "
                "ask the partner for one that is harder to guess"
            )
            yield Problem(path, problem_of("min_external_id_length", message))
