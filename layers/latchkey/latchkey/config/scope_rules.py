"""Holding a config to the scope of its key."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from latchkey.config.guardrails import Guardrails, guardrail_problems, problem_of
from latchkey.config.problem import Problem, pointer
from latchkey.config.reach_rules import Access, Resources, resource_problems
from latchkey.config.scope import Scope
from latchkey.config.web_identity_rules import web_identity_broken
from latchkey.frozen import Frozen
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.patterns import matches
from latchkey.newer_python import replace
from latchkey.services.managed import words as managed_words
from latchkey.services.registry import spec

if TYPE_CHECKING:
    from latchkey.config.rules import Fields

RULE = "scopes"
_MOST_DAYS = 3_650
"""Of `max_confirm_days`."""
_TOLD = 3
"""Scopes that a problem names at most."""


class Asked(Frozen):
    """What a config asks for: its fields, as far as valid, and what is known of its resources."""

    fields: "Fields"
    access: Access
    resources: Resources
    environment: AwsEnvironment
    now: datetime


def scope_of(key: str | None, rules: Guardrails) -> Scope | None:
    """The scope with the longest prefix of a key; a broad one is none for what has its own.

    Keys are compared as S3 and IAM do, letter for letter. One with an empty folder, `.` or `..` is
    of no scope, since programs may take it for another.
    """
    if key is None or any(part in ("", ".", "..") for part in key.split("/")):
        return None
    holding = (
        (len(prefix), scope)
        for scope in rules.scopes or ()
        for prefix in scope.prefixes
        if key.startswith(prefix)
    )
    return max(holding, key=lambda found: found[0], default=(0, None))[1]


def scope_problems(key: str | None, rules: Guardrails, asked: Asked) -> Iterator[Problem]:
    """What a config asks for beyond the scope of its key, and which scope would allow all of it.

    Where the key is not known (`None`), it has to be a config for one scope or another.
    """
    if rules.scopes is None:
        return
    scope = scope_of(key, rules)
    if scope is None:
        fitting = [*_fitting(rules.scopes, asked)]
        if key is None and fitting:
            return
        what = f"no scope holds {key}{_hint(fitting)}" if key else "no scope allows all of this"
        yield Problem("", problem_of(RULE, what))
        return
    broken = [*_broken(scope, asked)]
    if broken:
        hint = _hint([*_fitting([one for one in rules.scopes if one is not scope], asked)])
        for one in broken:
            yield replace(one, message=f"{one.message} (scope {scope.name}){hint}")


def account_in_scope(key: str | None, rules: Guardrails, account: str) -> bool:
    """Whether configs of a key may name an account; where it is not known, those of any scope."""
    if rules.scopes is None:
        return True
    scope = scope_of(key, rules)
    holding = rules.scopes if key is None else [scope] if scope else []
    return any(one.accounts is None or account in one.accounts for one in holding)


def belongs_to_another(partner: str) -> Problem:
    """A partner that another scope used first."""
    text = f"the partner {partner} belongs to the scope that used it first, which is not this one"
    mend = "choose another name for the partner, or, if that scope was renamed or is no more, have "
    mend += "the guardrails list its name in this one's `formerly`"
    return Problem("/partner", problem_of(RULE, f"{text}; {mend}"))


def is_of_scopes(problem: Problem) -> bool:
    """Whether a problem says that something is not this scope's."""
    return problem.message.startswith(problem_of(RULE, ""))


def _fitting(scopes: Sequence[Scope], asked: Asked) -> Iterator[Scope]:
    return (scope for scope in scopes if next(_broken(scope, asked), None) is None)


def _hint(fitting: Sequence[Scope]) -> str:
    if not fitting:
        return "; no other scope would allow all of it"
    told = [f"{scope.name} ({scope.prefixes[0]})" for scope in fitting[:_TOLD]]
    return f"; all of it would be allowed in the scope {' or '.join(told)}"


def _broken(scope: Scope, asked: Asked) -> Iterator[Problem]:
    partner = asked.fields.get("partner")
    named = scope.partners
    if partner and named is not None and not any(matches(one, partner) for one in named):
        text = f"the partner {partner} is none of {', '.join(named)}"
        yield Problem("/partner", problem_of(RULE, text))
    account = asked.fields.get("account") or asked.environment.own
    if scope.accounts is not None and account and account not in scope.accounts:
        text = f"account {account} is none of {', '.join(scope.accounts)}"
        yield Problem("/account", problem_of(RULE, text))
    if scope.resources is not None:
        for index, entry in enumerate(asked.access):
            wide = entry is not None and spec(entry.service).managed
            if entry and wide and entry.service not in (scope.services or ()):
                text = f"an `{entry.service}` entry reaches beyond the allowed resources"
                yield Problem(pointer(["access", index]), problem_of(RULE, text))
    rules = _as_guardrails(scope)
    found = (
        *guardrail_problems(asked.fields, rules, asked.now),
        *web_identity_broken(asked.fields, rules),
        *resource_problems(asked.access, asked.resources, rules, asked.environment),
    )
    for problem in found:
        _, _, text = problem.message.partition(": ")
        yield Problem(problem.path, problem_of(RULE, text))


def _as_guardrails(scope: Scope) -> Guardrails:
    """The guardrails that say what a scope says, and nothing else."""
    return Guardrails(
        version=1,
        allowed_partner_accounts=scope.partner_accounts,
        allowed_oidc_providers=scope.oidc_providers,
        allowed_services=scope.services,
        allowed_resources=scope.resources,
        max_grant_days=scope.max_days,
        max_confirm_days=min(scope.max_days or _MOST_DAYS, _MOST_DAYS),
        allow_custom=True,
        allow_any_session_tags=True,
        allow_subject_patterns=True,
        allowed_account_access=managed_words(),
    )
