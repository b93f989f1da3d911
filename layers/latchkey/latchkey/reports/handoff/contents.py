"""The contents of a hand-off sheet, independent of its format."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from latchkey.config.schema import PartnerConfig
from latchkey.frozen import Frozen
from latchkey.grants.confirmation import with_recorded_end
from latchkey.grants.phase import Phase, Standing, standing
from latchkey.grants.record import GrantRecord
from latchkey.iam.document import Document
from latchkey.iam.environment import AwsEnvironment
from latchkey.reports.handoff.allowed import HandoffAccess, allowed_by
from latchkey.reports.handoff.pasted import PastedResource, pasted
from latchkey.reports.handoff.trying import calls
from latchkey.services.call import Call

_SHOWN: tuple[Phase, ...] = ("not begun", "active", "suspended", "ended")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Handoff(Frozen):
    """One grant as its partner sees it, by its record and its config.

    `since` is when a grant that is not active was suspended or ended; sessions issued before
    `issued_before` can do nothing. Times are
    `YYYY-MM-DDTHH:MM:SSZ`. `policy` is what IAM has of the role, where that is known and allows
    anything. Any of the `external_ids` works. Why a grant was suspended or ended is not the
    partner's: an operator's reason may name others.
    """

    partner: str
    grant: str
    config: PartnerConfig
    standing: Standing
    since: str
    updated_at: str
    role_arn: str
    external_ids: tuple[str, ...]
    starts_at: str | None
    expires_at: str
    region: str
    issued_before: str | None
    policy: Document | None
    allows: tuple[HandoffAccess, ...]
    resources: tuple[PastedResource, ...]
    tries: tuple[Call, ...]

    @property
    def phase(self) -> Phase:
        """The phase of the grant when the sheet was written."""
        return self.standing.phase

    @property
    def external_id(self) -> str | None:
        """The external ID to send, the first in the file; None where none is asked for."""
        return self.external_ids[0] if self.external_ids else None

    @property
    def name(self) -> str:
        """What profiles and sessions are called: letters, digits and `-`, 45 at most."""
        return f"{self.partner}-{self.grant}"

    @property
    def role(self) -> str:
        """The role's name."""
        return self.role_arn.rpartition("/")[2]

    @property
    def account(self) -> str:
        """The account that the role is in."""
        return self.role_arn.split(":")[4]

    @property
    def not_before(self) -> str | None:
        """When access begins, if it had not when the sheet was written."""
        return self.starts_at if (self.starts_at or "") > self.updated_at else None


def handoff(
    state: GrantRecord,
    region: str,
    result: Mapping[str, Any] = _NOTHING,
    dns_suffix: str = "amazonaws.com",
) -> Handoff | None:
    """What to hand to the partner of a grant, by its record.

    `result` says what the role allows (docs/results.md, `allows` and `permissions_policy`); without
    it that is derived from the config. None when there is nothing to hand out: a grant that failed
    or was rejected, or whose config cannot be read.
    """
    stands = standing(state, state.updated_at)
    config = _config(state.config)
    if not (stands.phase in _SHOWN and config and state.role_arn and state.expires_at):
        return None
    config = with_recorded_end(config, state)
    _, partition, _, _, account, _ = state.role_arn.split(":", 5)
    environment = AwsEnvironment(partition, region, account, dns_suffix)
    rows, policy = result.get("allows") or (), result.get("permissions_policy")
    return Handoff(
        partner=state.partner,
        grant=state.grant,
        config=config,
        standing=stands,
        since=stands.ended_at or state.updated_at,
        updated_at=state.updated_at,
        role_arn=state.role_arn,
        external_ids=_external_ids(state, config),
        starts_at=state.starts_at,
        expires_at=state.expires_at,
        region=region,
        issued_before=state.issued_before,
        policy=policy,
        allows=tuple(map(HandoffAccess.from_row, rows)) or allowed_by(config, environment),
        resources=tuple(pasted(config.access, policy, environment)),
        tries=calls(config.access, environment),
    )


def _external_ids(state: GrantRecord, config: PartnerConfig) -> tuple[str, ...]:
    """Those of the file, in its order, as far as the role accepts them; or the one that was made.

    A role that is gone accepts none any more: then all of the file's.
    """
    if state.external_id is None:
        return ()
    accepted = {*state.external_ids}
    named = tuple(one for one in config.external_ids if one in accepted or not accepted)
    return named or (state.external_id,)


def _config(text: str | None) -> PartnerConfig | None:
    try:
        return PartnerConfig.model_validate(json.loads(text)) if text else None
    except ValueError:  # accepted once, by an older version
        return None
