"""Tokens that let in more than the config asks for, and configs that ask for too much."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    drop_item,
    drop_operand,
    never,
    set_item,
    set_return,
    set_variable,
    swap_constant,
    swap_text,
)

_CONFIGS = ("tests/unit/test_web_identities.py",)
_SESSIONS = ("tests/unit/test_web_identity_sessions.py",)
_LOOKUPS = ("tests/integration/test_web_identities.py",)

WEB_IDENTITIES = (
    Mutant(
        "tokens for any audience",
        "web_identity_statements:_asked",
        set_variable("asked", '{"StringEquals": {}}'),
        _CONFIGS,
    ),
    Mutant(
        "subjects compared as patterns",
        "web_identity_statements",
        swap_constant("StringEquals", "StringLike"),
        _CONFIGS,
    ),
    Mutant(
        "tokens after the end",
        "web_identity_statements",
        set_item("Condition", "_asked(group, sorted(subjects))"),
        _CONFIGS,
    ),
    Mutant("Google's azp as the audience", "BUILT_IN", swap_text("oaud", "aud"), _CONFIGS),
    Mutant("guests of Cognito", "_SIGNED_IN", drop_item("amr"), _CONFIGS),
    Mutant("subjects of anybody", "web_identity:_subjects", never("bare"), _CONFIGS),
    Mutant("policy variables in subjects", "web_identity:_plain", never("${"), _CONFIGS),
    Mutant("wildcards in audiences", "web_identity:_audience", never("is_pattern"), _CONFIGS),
    Mutant("other customers' subjects", "_open_subjects", never("match"), _CONFIGS),
    Mutant("accounts beside tokens", "web_identity_problems", never("len"), _CONFIGS),
    Mutant("fields that no token meets", "web_identity_problems", never("get"), _CONFIGS),
    Mutant("patterns without leave", "web_identity_broken", never("patterns"), _CONFIGS),
    Mutant(
        "providers beside a list of accounts",
        "web_identity_broken",
        never("allowed_partner_accounts"),
        _CONFIGS,
    ),
    Mutant(
        "providers that are not there",
        "Preflight.identities",
        set_return("()", "OidcProviders"),
        _LOOKUPS,
    ),
    Mutant("audiences that no provider has", "OidcProviders.problems", never("audience"), _LOOKUPS),
    Mutant(
        "an account as a way in for its providers",
        "stands_for",
        drop_operand("_PROVIDERS"),
        _SESSIONS,
    ),
    Mutant("tokens that history forgets", "principals_in", drop_item("identities_in"), _SESSIONS),
)
