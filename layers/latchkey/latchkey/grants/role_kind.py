"""The kind of a grant's role: which permissions boundary it has, while the grant lives."""

import json
from typing import TYPE_CHECKING

from latchkey.config.managed_rules import kind_change
from latchkey.config.problem import Problem
from latchkey.grants.record import GrantRecord

if TYPE_CHECKING:
    from latchkey.config.schema import PartnerConfig


def kind_problems(
    record: GrantRecord | None, config: "PartnerConfig | None"
) -> tuple[Problem, ...]:
    """A live grant does not change to or from access that is an AWS-managed policy."""
    if config is None or not (record and record.live and record.config):
        return ()
    found = kind_change(json.loads(record.config), [entry.service for entry in config.access])
    return (found,) if found else ()
