"""Workflow inputs that make no sense: each is rejected, and says so."""

from collections.abc import Iterator
from typing import Any

from tests.kit.examples import config_document
from tests.kit.hostile.tokens import ALL
from tests.kit.stack.aws import CONFIG_BUCKET, FILE

_REVOKE = {"action": "revoke", "partner": "acme", "grant": "main"}
_KINDS: tuple[Any, ...] = (None, True, 7, 0.5, [], {}, [[]], {"a": None}, 10**30)


def inputs() -> Iterator[tuple[str, Any]]:
    """Each with a name."""
    yield from _no_object()
    yield from _mixed()
    yield from _kinds()
    yield from _names()
    yield from _large()


def _no_object() -> Iterator[tuple[str, Any]]:
    values: tuple[Any, ...] = (
        None,
        True,
        0,
        -1,
        1.5,
        10**400,
        float("nan"),
        "",
        "revoke",
        [],
        [FILE],
        {},
    )
    for value in values:
        yield f"input {value!r:.20}", value


def _mixed() -> Iterator[tuple[str, Any]]:
    config = {"config": config_document()}
    for number, value in enumerate(
        (
            config | FILE,
            config | _REVOKE,
            FILE | _REVOKE,
            config | FILE | _REVOKE,
            {"key": FILE["key"]},
            {"bucket": CONFIG_BUCKET},
            {"partner": "acme"},
            {"dry_run": True},
            {"Config": config_document()},
            {"ACTION": "revoke", "partner": "acme"},
            {"request": _REVOKE},
            {"config": {"config": config_document()}},
        )
    ):
        yield f"forms ({number})", value
    for extra in ("force", "Partner", "__class__", "", "a\nb", "\ud800", "x" * 999, "~/"):
        for form in (config, FILE, _REVOKE):
            yield f"{min(form)} with {extra!a:.20}", form | {extra: 1}


def _kinds() -> Iterator[tuple[str, Any]]:
    for form in (FILE, _REVOKE, {"config": config_document()}):
        for field in (*form, "dry_run", "reason"):
            for kind in _KINDS:
                if (field, kind) not in (("dry_run", True), ("dry_run", False)):
                    yield f"{field} of {min(form)} is {kind!r:.20}", form | {field: kind}
    yield "dry run in words", _REVOKE | {"dry_run": "false"}


def _names() -> Iterator[tuple[str, Any]]:
    for token in (*ALL, "Acme", "a", "x" * 23, "acme.main", "acme "):
        yield f"partner {token!a}", _REVOKE | {"partner": token}
        yield f"grant {token!a}", _REVOKE | {"grant": token}
        yield f"action {token!a}", _REVOKE | {"action": token}
    for partner in ("nobody", "acme-main"):
        yield f"partner {partner} that has no grant", _REVOKE | {"partner": partner}
    for key in ("partners/acme", "acme.json", "partners/\ud800.json", "x" * 60_000, ""):
        yield f"key {key!a:.30}", FILE | {"key": key}
    for bucket in ("other-bucket", "x", "x" * 64, "", "*", "config-bucket\n"):
        yield f"bucket {bucket!a:.30}", FILE | {"bucket": bucket}


def _large() -> Iterator[tuple[str, Any]]:
    nested: Any = 1
    for depth in range(1, 5_001):
        nested = {"a": nested}
        if depth in (13, 100, 1_000, 5_000):
            yield f"{depth} deep", nested
            yield f"a config {depth} deep", {"config": nested}
            yield f"a reason {depth} deep", _REVOKE | {"reason": nested}
    yield "a long reason", _REVOKE | {"reason": "x" * 1_025}
    yield "120 KB of config", {"config": config_document(purpose="x" * 120_000)}
    yield "120 KB of fields", {"config": {}, **{f"field-{n}": 1 for n in range(7_000)}}
    yield "120 KB of a field's name", {"config": {}, "x" * 120_000: 1}
    yield "250 KB of nothing", {"x": "y" * 250_000}
