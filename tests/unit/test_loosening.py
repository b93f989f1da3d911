"""What guardrails allow beyond those before: every field, loosened, tightened and left as it is."""

from typing import Any

import pytest
from pydantic import BaseModel

from latchkey.config import loosened_approval, loosened_scopes
from latchkey.config.approval_rules import Approval, ApprovalRule, ApproverGroup, When
from latchkey.config.guardrails import Guardrails
from latchkey.config.loosening import COMPARED, loosened
from latchkey.config.scope import Scope

ONE, TWO = "111122223333", "444455556666"
ROLE, OTHER = f"arn:aws:iam::{TWO}:role/in", f"arn:aws:iam::{TWO}:role/out"
GITHUB, GITLAB = "token.actions.githubusercontent.com", "gitlab.com"
NONE: Any = object()
"""The field is left out."""

TABLE: list[tuple[str, Any, Any, str]] = [
    ("allowed_partner_accounts", [ONE], [ONE, TWO], TWO),
    ("allowed_partner_accounts", [ONE], NONE, "any at all"),
    ("allowed_partner_accounts", [], [ONE], ONE),
    ("allowed_accounts", [], [ONE], ONE),
    ("allowed_accounts", NONE, [ONE], ONE),
    ("allowed_oidc_providers", [GITHUB], [GITHUB, GITLAB], GITLAB),
    ("allowed_oidc_providers", [GITHUB], NONE, "any at all"),
    ("allowed_services", ["s3"], ["s3", "kms"], "kms"),
    ("allowed_services", ["s3"], NONE, "any at all"),
    ("allowed_resources", ["arn:aws:s3:::a-*"], ["arn:aws:s3:::a*"], "arn:aws:s3:::a*"),
    (
        "allowed_resources",
        ["arn:aws:s3:::a"],
        ["arn:aws:s3:::a", "arn:aws:s3:::b"],
        "arn:aws:s3:::b",
    ),
    ("allowed_resources", ["arn:aws:s3:::a"], NONE, "any at all"),
    ("denied_resources", ["arn:aws:s3:::fin*"], ["arn:aws:s3:::fin-a*"], "arn:aws:s3:::fin*"),
    ("denied_resources", ["arn:aws:s3:::fin"], [], "no longer denied: arn:aws:s3:::fin"),
    ("denied_resources", ["arn:aws:s3:::fin"], ["arn:aws:s3:::fin/*"], "arn:aws:s3:::fin"),
    ("denied_resources", ["arn:aws:s3:::fin"], NONE, "arn:aws:s3:::fin"),
    ("max_grant_days", 90, 91, "91"),
    ("max_grant_days", 90, NONE, "unlimited"),
    ("max_confirm_days", 30, 31, "31"),
    ("max_confirm_days", NONE, 30, "no fixed end"),
    ("max_session_duration", 3600, 7200, "7200"),
    ("max_session_duration", 3600, NONE, "43200"),
    ("min_external_id_length", 12, 11, "11"),
    ("min_external_id_length", 12, NONE, "8"),
    ("no_external_id_principals", [ROLE], [ROLE, OTHER], OTHER),
    ("allow_custom", False, True, "custom"),
    ("allow_any_session_tags", NONE, True, "any key"),
    ("allow_subject_patterns", False, True, "patterns"),
    ("allowed_account_access", [], ["audit"], "audit"),
    ("required_tags", ["team", "cost"], ["team"], "cost"),
    ("required_tags", ["team"], ["Team"], "team"),
    ("drift", NONE, "report", "not repaired"),
    ("max_idle_days", 30, 31, "31"),
    ("max_idle_days", 30, NONE, "unlimited"),
]
"""Field, before, after, and what is said; the other way round nothing is, nor of equal ones."""


def _rules(**fields: Any) -> Guardrails:
    return Guardrails(
        version=1, **{name: value for name, value in fields.items() if value is not NONE}
    )


@pytest.mark.parametrize(("field", "before", "after", "said"), TABLE)
def test_what_is_loosened_is_told_and_what_is_tightened_is_not(
    field: str, before: Any, after: Any, said: str
) -> None:
    old, new = _rules(**{field: before}), _rules(**{field: after})
    lines = loosened(old, new)
    assert [said in line for line in lines if line.startswith(f"{field}: ")] == [True]
    assert len(lines) == (2 if (field, after) == ("allowed_partner_accounts", NONE) else 1), lines
    assert loosened(old, old) == loosened(new, new) == ()
    if after != ["Team"]:
        assert loosened(new, old) == ()


def test_what_stands_for_nothing_says_nothing() -> None:
    for field, before, after in (
        ("max_session_duration", NONE, 43200),
        ("max_session_duration", 43200, NONE),
        ("allowed_services", ["s3", "kms"], ["kms", "s3", "s3"]),
        ("allowed_resources", ["arn:aws:s3:::a*"], ["arn:aws:s3:::a-?", "arn:aws:s3:::a**"]),
        ("denied_resources", ["arn:aws:s3:::fin/*"], ["arn:aws:s3:::fin"]),
        ("denied_resources", ["arn:aws:s3:::fin/*", "arn:aws:s3:::fin"], ["arn:aws:s3:::fi*"]),
        ("idle", "suspend", "report"),
    ):
        assert loosened(_rules(**{field: before}), _rules(**{field: after})) == (), field


def test_fields_that_mean_something_together_are_compared_together() -> None:
    closed = _rules(allowed_partner_accounts=[ONE])
    assert loosened(closed, _rules(allowed_partner_accounts=[ONE], allowed_oidc_providers=[])) == ()
    assert [line.partition(":")[0] for line in loosened(closed, _rules())] == [
        "allowed_partner_accounts",
        "allowed_oidc_providers",
    ]
    idle, told = _rules(max_idle_days=9, idle="suspend"), _rules(max_idle_days=9)
    assert [line.partition(":")[0] for line in loosened(idle, told)] == ["idle"]
    assert loosened(told, idle) == ()


def _scoped(*scopes: dict[str, Any]) -> Guardrails:
    return _rules(scopes=list(scopes))


A: dict[str, Any] = {
    "name": "aa",
    "prefixes": ["partners/a/"],
    "partners": ["acme-*"],
    "partner_accounts": [ONE],
}
A |= {"accounts": [ONE], "services": ["s3"], "resources": ["arn:aws:s3:::a-*"], "max_days": 9}
B = {"name": "bb", "prefixes": ["partners/b/"]}
SCOPES: list[tuple[str, Any, str]] = [
    ("partners", ["*"], "partners *"),
    ("partners", NONE, "any at all"),
    ("partner_accounts", [ONE, TWO], TWO),
    ("partner_accounts", NONE, "any at all"),
    ("accounts", [ONE, TWO], TWO),
    ("accounts", NONE, "any at all"),
    ("oidc_providers", [GITHUB], GITHUB),
    ("services", ["s3", "account"], "account"),
    ("services", NONE, "the services athena"),
    ("resources", ["arn:aws:s3:::a*"], "a*"),
    ("resources", NONE, "any at all"),
    ("max_days", 10, "10"),
    ("max_days", NONE, "unlimited"),
    ("prefixes", ["partners/a/", "partners/c/"], "partners/c/"),
    ("formerly", ["zz"], "belongs to the scope zz"),
    ("name", "cc", "belongs to the scope cc"),
]


@pytest.mark.parametrize(("field", "value", "said"), SCOPES)
def test_scope_that_is_widened_is_told(field: str, value: Any, said: str) -> None:
    wider = {**A, field: value}
    if value is NONE:
        del wider[field]
    old, new = _scoped(A, B), _scoped(wider, B)
    lines = loosened(old, new)
    assert any(said in line for line in lines), lines
    assert all(line.startswith("scopes: partners/") for line in lines)
    if field != "name":
        assert loosened(new, old) == ()


def test_scopes_added_moved_and_removed() -> None:
    none, one, both = _rules(), _scoped(A), _scoped(A, B)
    assert loosened(none, both) == loosened(both, one) == loosened(both, _scoped(B, A)) == ()
    (gone,) = loosened(both, none)
    assert "none any more" in gone
    (added,) = loosened(one, both)
    assert "partners/b/" in added
    (moved,) = loosened(both, _scoped({**A, "prefixes": ["partners/x/"]}, B))
    assert "partners/x/" in moved
    swapped = loosened(
        both, _scoped({**A, "prefixes": B["prefixes"]}, {**B, "prefixes": A["prefixes"]})
    )
    assert {line.split()[1] for line in swapped} == {"partners/a/", "partners/b/"}


def test_folder_that_falls_back_to_a_broader_scope_is_told() -> None:
    broad = {"name": "all", "prefixes": ["partners/"]}
    lines = loosened(_scoped(A, broad), _scoped(broad))
    assert any("partners/a/ (scope all)" in line for line in lines)


def test_scope_with_resources_reaches_accounts_only_by_name() -> None:
    narrow = {"name": "aa", "prefixes": ["partners/a/"], "resources": ["arn:aws:s3:::a"]}
    (line,) = loosened(_scoped(narrow), _scoped({**narrow, "services": ["s3", "account"]}))
    assert line.endswith("the services account")
    assert loosened(_scoped(narrow), _scoped({**narrow, "services": ["s3"]})) == ()
    lines = loosened(_scoped(narrow), _scoped({**narrow, "resources": NONE} | {"resources": None}))
    assert any(line.endswith("the services account") for line in lines)


def test_no_field_is_left_out() -> None:
    told = {field for field, *_ in TABLE} | {"version", "scopes", "approval", "idle"}
    assert COMPARED.keys() == Guardrails.model_fields.keys() == told
    assert loosened_scopes.COMPARED == Scope.model_fields.keys() == {field for field, *_ in SCOPES}
    kinds = (Approval, ApproverGroup, ApprovalRule, When)
    known = {kind: {*kind.model_fields} for kind in kinds}
    assert {kind: {*fields} for kind, fields in loosened_approval.COMPARED.items()} == known


def test_field_that_nobody_compares_is_told_as_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(COMPARED, "max_grant_days")
    assert loosened(_rules(max_grant_days=9), _rules(max_grant_days=8)) == (
        "max_grant_days: changed",
    )


def test_everything_at_once_is_told_field_by_field() -> None:
    first: dict[str, tuple[Any, Any]] = {}
    for field, before, after, _ in TABLE:
        first.setdefault(field, (before, after))
    old = _rules(**{field: pair[0] for field, pair in first.items()})
    new = _rules(**{field: pair[1] for field, pair in first.items()})
    assert isinstance(old, BaseModel)
    assert {line.partition(":")[0] for line in loosened(old, new)} == first.keys()
    assert loosened(new, old) == ()
