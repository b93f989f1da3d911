"""What no entry may reach: Latchkey's own resources, and what the guardrails keep out.

Both go by the same list of what an entry reaches (`services/reach.py`).
"""

from collections.abc import Iterator, Sequence

from latchkey.config.guardrails import Guardrails, problem_of
from latchkey.config.problem import Problem, pointer
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.entry import Entry
from latchkey.services.reach import Reached, reach
from latchkey.services.resource_info import ResourceInfo

Access = Sequence[Entry | None]
Resources = Sequence[Sequence[ResourceInfo] | None]


def own_problems(
    access: Access, resources: Resources, environment: AwsEnvironment
) -> Iterator[Problem]:
    """Entries that reach Latchkey's own resources, of whatever stack of the account.

    `resources` are what is known of each entry's; None where one is not valid or was not found.
    """
    for index, (entry, found) in enumerate(zip(access, resources, strict=True)):
        if entry is None or found is None:
            continue
        for own in reach(entry, found, environment):
            if own.is_own:
                message = (
                    f"{own.arn} is of Latchkey itself, to which all names belong that begin with "
                    "latchkey-; it is never for partners"
                )
                yield Problem(pointer(["access", index, *own.place]), message)


def resource_problems(
    access: Access,
    resources: Resources,
    rules: Guardrails,
    environment: AwsEnvironment,
) -> Iterator[Problem]:
    """What entries reach beyond the rules; None where one is not valid or its lookup failed."""
    for index, (entry, found) in enumerate(zip(access, resources, strict=True)):
        if entry is None or found is None:
            continue
        reached, path = reach(entry, found, environment), pointer(["access", index])
        yield from (Problem(path, message) for message in _denied(reached, rules))
        yield from (Problem(path, message) for message in _not_allowed(reached, rules))


def _denied(reached: Sequence[Reached], rules: Guardrails) -> Iterator[str]:
    for pattern in rules.denied_resources:
        touched = next((each for each in reached if each.touched_by(pattern)), None)
        if touched:
            yield problem_of("denied_resources", f"{touched.arn} touches {pattern}")
            return


def _not_allowed(reached: Sequence[Reached], rules: Guardrails) -> Iterator[str]:
    """What lies in none of the patterns; a bucket's Region is not told beside its objects."""
    patterns = rules.allowed_resources
    outside = [each for each in reached if patterns is not None and not each.lies_in(patterns)]
    beyond = {each.arn for each in outside if not each.within}
    for arn in dict.fromkeys(each.arn for each in outside if each.within not in beyond):
        yield problem_of("allowed_resources", f"{arn} lies in none of the allowed patterns")
