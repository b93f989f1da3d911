"""What guardrails allow beyond those before them, field by field.

What only narrows says nothing. What cannot be shown to narrow is told: of a field without an entry
in `COMPARED`, that it changed.
"""

from collections.abc import Callable, Iterable, Iterator

from latchkey.config.guardrails import Guardrails
from latchkey.config.loosened_approval import loosened_approval
from latchkey.config.loosened_lists import Covers, beyond, no_longer, raised, same
from latchkey.config.loosened_scopes import loosened_scopes
from latchkey.iam.patterns import arn_covers
from latchkey.services.reach import denied_by

_IAM_LONGEST_SESSION = 43_200
"""Seconds (IAM API reference, CreateRole, `MaxSessionDuration`)."""

Compare = Callable[[Guardrails, Guardrails], Iterable[str]]


def loosened(old: Guardrails, new: Guardrails) -> tuple[str, ...]:
    """What new guardrails allow beyond the old: a line for each difference, the field first."""
    return tuple(
        f"{field}: {text}"
        for field in type(new).model_fields
        for text in COMPARED.get(field, _whether_changed(field))(old, new)
    )


def _whether_changed(field: str) -> Compare:
    def compare(old: Guardrails, new: Guardrails) -> Iterator[str]:
        if getattr(old, field, None) != getattr(new, field, None):
            yield "changed"

    return compare


def _allows_more(field: str, said: str, covers: Covers = same) -> Compare:
    """A list of what is allowed, None standing for anything."""
    return lambda old, new: beyond(getattr(old, field), getattr(new, field), said, covers)


def _refuses_less(field: str, said: str, covers: Covers = same) -> Compare:
    """A list of what is refused, or asked for."""
    return lambda old, new: no_longer(getattr(old, field), getattr(new, field), said, covers)


def _most_allowed(field: str, unit: str, none: int | None = None) -> Compare:
    """The most that is allowed; `none` is what it is without a value, unlimited where None."""

    def compare(old: Guardrails, new: Guardrails) -> Iterator[str]:
        yield from raised(_value_or(old, field, none), _value_or(new, field, none), unit)

    return compare


def _value_or(rules: Guardrails, field: str, none: int | None) -> int | None:
    value: int | None = getattr(rules, field)
    return none if value is None else value


def _switched_on(field: str, said: str) -> Compare:
    def compare(old: Guardrails, new: Guardrails) -> Iterator[str]:
        if getattr(new, field) and not getattr(old, field):
            yield said

    return compare


def _shorter(old: Guardrails, new: Guardrails) -> Iterator[str]:
    before, after = old.min_external_id_length, new.min_external_id_length
    if after < before:
        yield f"external IDs may have {after} characters (before: at least {before})"


def _confirmed_later(old: Guardrails, new: Guardrails) -> Iterator[str]:
    if old.max_confirm_days is None and new.max_confirm_days is not None:
        yield f"grants need no fixed end if confirmed every {new.max_confirm_days} days"
    elif new.max_confirm_days is not None:
        yield from raised(old.max_confirm_days, new.max_confirm_days, "days")


def _more_providers(old: Guardrails, new: Guardrails) -> Iterator[str]:
    yield from beyond(_providers_of(old), _providers_of(new), "web identities of")


def _providers_of(rules: Guardrails) -> list[str] | None:
    """The providers that are allowed: none where only partner accounts are listed."""
    named = rules.allowed_oidc_providers
    return [] if named is None and rules.allowed_partner_accounts is not None else named


def _repairs_less(old: Guardrails, new: Guardrails) -> Iterator[str]:
    if (old.drift, new.drift) == ("repair", "report"):
        yield "roles that were modified outside Latchkey are reported, and not repaired any more"


def _suspends_less(old: Guardrails, new: Guardrails) -> Iterator[str]:
    if old.max_idle_days is not None and (old.idle, new.idle) == ("suspend", "report"):
        yield "grants that nobody uses are reported, and not suspended any more"


COMPARED: dict[str, Compare] = {
    "version": _whether_changed("version"),
    "allowed_partner_accounts": _allows_more("allowed_partner_accounts", "partner accounts"),
    "allowed_accounts": _allows_more("allowed_accounts", "grants in the accounts"),
    "allowed_oidc_providers": _more_providers,
    "allowed_services": _allows_more("allowed_services", "the services"),
    "allowed_resources": _allows_more("allowed_resources", "resources", arn_covers),
    "denied_resources": _refuses_less("denied_resources", "no longer denied", denied_by),
    "max_grant_days": _most_allowed("max_grant_days", "days"),
    "max_confirm_days": _confirmed_later,
    "max_session_duration": _most_allowed("max_session_duration", "seconds", _IAM_LONGEST_SESSION),
    "min_external_id_length": _shorter,
    "no_external_id_principals": _allows_more(
        "no_external_id_principals", "without an external ID"
    ),
    "allow_custom": _switched_on("allow_custom", "`custom` statements are allowed"),
    "allow_any_session_tags": _switched_on(
        "allow_any_session_tags", "session tags may have any key"
    ),
    "allow_subject_patterns": _switched_on(
        "allow_subject_patterns", "subjects of web identities may be patterns"
    ),
    "allowed_account_access": _allows_more("allowed_account_access", "`account` entries with"),
    "required_tags": _refuses_less("required_tags", "no longer required"),
    "scopes": lambda old, new: loosened_scopes(old.scopes, new.scopes),
    "drift": _repairs_less,
    "max_idle_days": _most_allowed("max_idle_days", "days"),
    "idle": _suspends_less,
    "approval": lambda old, new: loosened_approval(old.approval, new.approval),
}
"""How each field is compared; a test holds that none is left out."""
