"""Config files checked offline by the rules of the stack, with the position of each problem."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from latchkey.config.account_rules import account_broken
from latchkey.config.external_id_rules import external_id_broken
from latchkey.config.guardrails import Guardrails, guardrail_problems
from latchkey.config.problem import ConfigRejected, Problem
from latchkey.config.reach_rules import resource_problems
from latchkey.config.reader import ReadConfig, read_config
from latchkey.config.rules import StackContext
from latchkey.config.scope_rules import Asked, scope_problems
from latchkey.config.web_identity_rules import web_identity_broken
from latchkey.grants.trust_size import trust_size_problem
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.entry import Entry
from latchkey.services.registry import spec
from latchkey.services.resource_info import ResourceInfo
from latchkey_cli.config_files.assumed_environment import assumed_environment
from latchkey_cli.config_files.located_problem import LocatedProblem, located


@dataclass(frozen=True)
class OfflineContext:
    """What is known without calling AWS: the time and, if given, the stack and its guardrails."""

    now: datetime
    environment: AwsEnvironment | None = None
    first_party_accounts: frozenset[str] = frozenset()
    guardrails: Guardrails | None = None

    @property
    def rules(self) -> Guardrails:
        """The guardrails or, where nobody knows them, those that hold by default."""
        return self.guardrails or Guardrails(version=1)


def diagnose(
    body: bytes, context: OfflineContext, key: str | None = None
) -> tuple[LocatedProblem, ...]:
    """All problems of a config file, in the order of its text; none if it is valid.

    `key` is where it is to be uploaded; where nobody knows, one scope or another has to allow it.
    """
    environment = context.environment or assumed_environment(body)
    stack = StackContext(environment, context.first_party_accounts)
    read = read_config(body, stack, context.now)
    problems = [*read.problems, *external_id_broken(read.sound, context.rules, stack)]
    wrong = {problem.path for problem in problems}
    broken = web_identity_broken(read.sound, context.rules)
    problems += (problem for problem in broken if problem.path not in wrong)
    if read.config and read.config.status != "revoked":
        known = trust_size_problem(read.config, read.config.external_ids, environment)
        problems += [known] if known else []
    if context.guardrails:
        there = environment.of_account(read.sound.get("account"))
        problems += _guardrail_problems(read, context.guardrails, context.now, there, key)
        if context.environment:  # else nobody knows which account is the stack's own
            problems += account_broken(read.sound, context.guardrails, stack)
    return located(
        body,
        ConfigRejected(problems).problems,
        fault=read.fault,
        unknown_fields=read.unknown_fields,
    )


def _guardrail_problems(
    read: ReadConfig,
    rules: Guardrails,
    now: datetime,
    environment: AwsEnvironment,
    key: str | None,
) -> Iterator[Problem]:
    """The violations of guardrails that can be found without a lookup.

    Bucket ARNs contain no region or account; other resources are checked only if named by ARN.
    """
    yield from guardrail_problems(read.sound, rules, now)
    access = read.sound.get("access", ())
    infos = [_info(entry, environment.partition) if entry else None for entry in access]
    yield from resource_problems(access, infos, rules, environment)
    yield from scope_problems(key, rules, Asked(read.sound, access, infos, environment, now))


def _info(entry: Entry, partition: str) -> tuple[ResourceInfo, ...] | None:
    """What is known of an entry's resources, if their ARNs follow from the file alone."""
    complete = all(
        named.name.startswith("arn:") or not spec(named.service).arn.regional
        for named in entry.named()
    )
    return entry.assumed(AwsEnvironment(partition, "", "")) if complete else None
