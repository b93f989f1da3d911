"""What a grant allows, as rows for people."""

from collections.abc import Mapping
from typing import Any, Self

from latchkey.config.schema import PartnerConfig
from latchkey.frozen import Frozen
from latchkey.grants.policies import permissions_policy
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.permit import permits
from latchkey.reports.summary.allows import allows
from latchkey.reports.summary.window import without_window


class HandoffAccess(Frozen):
    """What may be done with one resource."""

    service: str
    resource: str
    may: tuple[str, ...]
    conditions: tuple[str, ...] = ()

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The same in a result's `allows`."""
        conditions = tuple(map(str, row.get("conditions") or ()))
        return cls(str(row["service"]), str(row["resource"]), tuple(row["may"]), conditions)


def allowed_by(config: PartnerConfig, environment: AwsEnvironment) -> tuple[HandoffAccess, ...]:
    """What a config would allow, in the words of a result: by the policy that it asks for.

    Without a lookup nobody knows of the keys behind the resources, so their use is not among it.
    """
    infos = [entry.assumed(environment) for entry in config.access]
    found = permits(permissions_policy(config, infos, environment))
    return tuple(map(HandoffAccess.from_row, allows(map(without_window, found))))
