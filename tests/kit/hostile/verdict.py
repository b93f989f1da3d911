"""What becomes of a hostile config in the domain: read, and where it is valid, rendered."""

import json
import re
from collections.abc import Iterator
from typing import Any

from latchkey.config.external_id_rules import external_id_broken
from latchkey.config.guardrails import Guardrails
from latchkey.config.problem import MOST, PROBLEMS, ConfigRejected, Problem
from latchkey.config.reader import ReadConfig, read_config
from latchkey.config.schema import PartnerConfig
from latchkey.grants.policies import permissions_policy, trust_policy
from tests.kit.examples import AWS_ENVIRONMENT, NOW, STACK_CONTEXT, arn_of, resources_of
from tests.kit.hostile.case import Hostile
from tests.kit.hostile.exact import deviations


def wrong_with(case: Hostile) -> list[str]:
    """What is not as it should be, if anything."""
    read = read_config(case.body, STACK_CONTEXT, NOW)
    problems = problems_of(read)
    if case.granted != (not problems):
        return [f"{'not ' if case.granted else ''}granted: {problems[:3]}"]
    if not (case.granted or case.pointed_out(problem.path for problem in problems)):
        return [f"points at {[problem.path for problem in problems[:9]]}"]
    return list(faults(case.body, read))


def problems_of(read: ReadConfig) -> tuple[Problem, ...]:
    """What is wrong with a config by itself, and by what holds where no guardrail says more."""
    broken = external_id_broken(read.sound, Guardrails(version=1), STACK_CONTEXT)
    return ConfigRejected([*read.problems, *broken]).problems


def faults(body: bytes, read: ReadConfig) -> Iterator[str]:
    """What holds of no reading of any bytes."""
    if (read.config is None) != bool(read.problems):
        yield "neither a config nor a problem, or both"
    if read.config:
        yield from deviations(json.loads(body), *rendered(read.config))
    elif any(problem.path for problem in read.problems):
        document = json.loads(body)
        lost = [p.path for p in read.problems if not resolves(p.path, document)]
        yield from (f"{path!r} points at nothing" for path in lost)
    yield from _told(read.problems)


def rendered(config: PartnerConfig) -> tuple[dict[str, Any], dict[str, Any]]:
    """The trust policy and the permissions policy of a config; nothing is under a key."""
    trust = trust_policy(
        config, config.external_ids or "made-for-you", AWS_ENVIRONMENT, arn_of(config)
    )
    found = resources_of(config)
    return trust, permissions_policy(config, found, AWS_ENVIRONMENT, arn_of(config))


def resolves(pointer: str, document: Any) -> bool:
    """Whether a pointer leads to a value, or to a field that is missing of an object.

    Names that are longer than any that a config may have are cut in pointers.
    """
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for left, part in zip(range(len(parts))[::-1], parts, strict=True):
        match document:
            case list() if re.fullmatch(r"0|[1-9]\d*", part) and int(part) < len(document):
                document = document[int(part)]
            case dict() if part in document:
                document = document[part]
            case dict() if part.endswith("…"):
                near = (key for key in document if key.startswith(part[:-1]))
                document = document[next(near)]
            case dict():
                return left == 0
            case _:
                return False
    return True


def _told(problems: tuple[Problem, ...]) -> Iterator[str]:
    documents = [problem.document() for problem in problems]
    json.dumps(documents, ensure_ascii=False).encode()  # as the result file has it
    size = len(json.dumps(documents))
    if len(problems) > MOST + 1 or size > PROBLEMS + 1_000:
        yield f"{len(problems)} problems in {size} bytes"
    if any(not problem.message.strip() for problem in problems):
        yield "a problem without a message"
