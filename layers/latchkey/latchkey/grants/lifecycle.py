"""What a grant should be now: present, suspended or absent, and why.

The last instruction wins: a removed file, an operator's order, a new version of the file. An
operator's order (suspend, revoke, resume) therefore ends with the next upload. Until then the
stricter of the two holds: no order gives more than the file says.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from latchkey.config.schema import PartnerConfig
from latchkey.frozen import Frozen
from latchkey.grants.record import GrantRecord, Instruction, Outcome, Status
from latchkey.newer_python import replace
from latchkey.times import instant

Target = Literal["present", "suspended", "absent"]

_STATUS: Mapping[Instruction, Literal["active", "suspended", "revoked"]] = {
    "resume": "active",
    "suspend": "suspended",
    "revoke": "revoked",
}


_STRICTER = ("active", "suspended", "revoked")


class Decision(Frozen):
    """The state that a grant is to have, with the reason in words for the record.

    It `confirms` where somebody ordered that a grant without a fixed end goes on.
    """

    target: Target
    status: Status
    reason: str
    instruction: Instruction | None = None
    confirms: bool = False


def decide(
    config: PartnerConfig, instruction: Instruction | None, now: datetime, reason: str = ""
) -> Decision:
    """What a valid config asks for at a time, under an operator's instruction, if any.

    `reason` is what the operator gave, or what set this run off.
    """
    ordered = _STATUS[instruction] if instruction else "active"
    requested = max(config.status, ordered, key=_STRICTER.index)
    if requested == ordered != "active":
        why = reason or f"{requested} by workflow input"
    else:
        why = f'the config says "status": "{requested}"'
        why += "; resume gives no more than that" if instruction == "resume" else ""
    if requested == "revoked":
        return Decision("absent", "revoked", why, instruction)
    if ended := expired(config.ends_at, now):
        return replace(ended, reason=f"{ended.reason}{_unconfirmed(config)}")
    if requested == "suspended":
        return Decision("suspended", "suspended", why, instruction)
    default = "resumed by workflow input" if instruction else "the config asks for it"
    return Decision("present", "active", reason or default, instruction)


def expired(expires_at: datetime, now: datetime) -> Decision | None:
    """That a grant has ended by its own date, if it has; nothing else decides this."""
    if expires_at > now:
        return None
    return Decision("absent", "expired", f"expired at {instant(expires_at)}")


def _unconfirmed(config: PartnerConfig) -> str:
    days = config.confirm_every_days
    anew = "to grant it anew, upload its file with other content, or remove it first"
    return f", {days} days after it was last confirmed; {anew}" if days else ""


def outcome_of(
    decision: Decision, before: GrantRecord | None, *, changed: bool, creates: bool
) -> Outcome:
    """What to call a run that led from the record `before` to `decision`.

    `changed` says whether the run had anything to change, `creates` whether a new role is made.
    """
    if before is not None and before.status == decision.status and not changed:
        return "unchanged"
    match decision.status:
        case "active":
            return "created" if creates else "confirmed" if decision.confirms else "updated"
        case "suspended" | "revoked" | "expired" as status:
            return status
        case other:
            raise AssertionError(f"no run leads to {other}")
