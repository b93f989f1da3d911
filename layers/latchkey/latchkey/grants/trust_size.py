"""A trust policy that is too long: by how much, and which field of the config to shorten."""

from collections.abc import Callable, Iterable
from typing import Any

from latchkey.config.problem import Problem, pointer
from latchkey.config.schema import PartnerConfig
from latchkey.grants.policies import trust_policy
from latchkey.grants.sizes import policy_size
from latchkey.iam.environment import AwsEnvironment

_SHORTER: dict[str, str] = {
    "principals": "name fewer principals or subjects, or accounts instead of roles",
    "external_id": "name fewer or shorter external IDs",
    "source_ips": "name fewer networks, or larger ones",
    "session_tags": "name fewer session tags",
    "tags": "use fewer tags of the role, which session tags of any key may not replace",
}
"""The fields that make a trust policy long, and what to write instead."""


def trust_size_problem(
    config: PartnerConfig,
    external_ids: Iterable[str],
    environment: AwsEnvironment,
    role_arn: str = "",
) -> Problem | None:
    """The problem of a config whose trust policy IAM would not take, at the field that is longest.

    What is not known offline (the account, the role's ARN) may be left out: it only adds to it.
    """
    named, limit = tuple(external_ids), environment.trust_policy_limit

    def size(asked: PartnerConfig, ids: Iterable[str]) -> int:
        return policy_size(trust_policy(asked, ids, environment, role_arn))

    whole = size(config, named)
    if whole <= limit:
        return None
    saved = {field: whole - smaller for field, smaller in _without_each(config, named, size)}
    longest = max(saved, key=lambda field: saved[field])
    return Problem(
        pointer([longest]),
        f"the trust policy would be {whole - limit} characters over IAM's {limit}; "
        f"{_SHORTER[longest]} ({saved[longest]} characters of it are `{longest}`), or have the "
        "quota raised (docs/runbook.md#quotas)",
    )


def _without_each(
    config: PartnerConfig, ids: tuple[str, ...], size: Callable[[PartnerConfig, Any], int]
) -> Iterable[tuple[str, int]]:
    """How long the policy would be with as little of each field as there can be."""
    few: dict[str, Any] = {"source_ips": None, "session_tags": None, "tags": {}}
    for field in _SHORTER:
        if field == "session_tags" and config.session_tags is True:
            continue  # of any key, it is the role's own tags that make it long
        if field == "external_id":
            yield field, size(config, ids[:1])
        else:
            least = config.principals[:1] if field == "principals" else few[field]
            yield field, size(config.model_copy(update={field: least}), ids)
