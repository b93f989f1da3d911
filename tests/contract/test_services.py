"""Services are their folders: specs are whole, the template follows, nobody else names one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from latchkey.config.schema import FIELDS
from latchkey.history.resource_query import resource_queries
from latchkey.services import boundary
from latchkey.services.labels import labels, labels_of
from latchkey.services.reach import reach
from latchkey.services.registry import KNOWN, NAMES, entry_class, lookup, spec, specs
from latchkey.services.rows import rows_of
from tests.kit.documented.access import AWS_ENVIRONMENT, OF_RESOURCES, infos_of
from tests.kit.repository import ROOT
from tests.kit.template import listed, properties

SERVICES = OF_RESOURCES
_AT_HOME = ("layers/latchkey/latchkey/services/", "layers/latchkey/latchkey/aws/")
_OF_BOTO3 = {"client", "_client", "clients"}
"""What takes boto3's name of a service; in brackets stand keys of what AWS answers."""


_OF_ANOTHER_MEANING = {("layers/latchkey/latchkey/reports/chat.py", "custom")}
"""What Amazon Q Developer calls notifications that are not of AWS."""

_WITHOUT_A_CALL = {"execute-api"}
"""Whose requests only the owner of an API knows, and no client of AWS signs."""


def _entry(name: str, allow: str | None = None) -> Any:
    example = {"service": name, **spec(name).example}
    return entry_class(name).model_validate({**example, **({"allow": allow} if allow else {})})


@pytest.mark.parametrize("name", SERVICES)
def test_entry_has_the_words_of_its_spec(name: str) -> None:
    fields = entry_class(name).model_fields
    assert get_args(fields["service"].annotation) == (name,)
    assert set(get_args(fields["allow"].annotation)) == set(spec(name).actions)
    assert {spec(name).field, *filter(None, [spec(name).part]), *spec(name).options} <= set(fields)
    assert bool(spec(name).discovers) == ("discover" in spec(name).options)
    assert all(info.description for field, info in fields.items() if field != "service")


@pytest.mark.parametrize("name", SERVICES)
def test_statements_have_exactly_the_actions_of_the_level(name: str) -> None:
    for allow, actions in spec(name).actions.items():
        entry = _entry(name, allow)
        rendered = {
            a for one in entry.allowances(infos_of(entry), AWS_ENVIRONMENT) for a in one.actions
        }
        assert {a for a in rendered if not a.startswith("kms:") or a in actions} == set(actions)


@pytest.mark.parametrize("name", SERVICES)
def test_options_add_to_a_level_and_nothing_beyond_the_boundary(name: str) -> None:
    within = boundary.allowed() | boundary.conditional() | set(boundary.KEY_ACTIONS)
    for option in spec(name).options:
        added = set()
        for allow in spec(name).actions:
            plain, more = _entry(name, allow), {"allow": allow, option: True}
            example = {"service": name, **spec(name).example, **more}
            try:
                entry = entry_class(name).model_validate(example)
            except ValidationError:
                continue  # where there is nothing to add
            got, before = _actions(entry), _actions(plain)
            assert before < got <= within
            added |= got - before
        assert added, option
        assert all(action not in labels_of(action) for action in added)


def _actions(entry: Any) -> set[str]:
    found = entry.allowances(infos_of(entry), AWS_ENVIRONMENT)
    return {action for one in found for action in one.actions}


@pytest.mark.parametrize("name", SERVICES)
def test_everything_that_it_allows_is_within_the_boundary_and_has_a_label(name: str) -> None:
    allowed = {action for actions in spec(name).actions.values() for action in actions}
    within = boundary.of_kind(*boundary.kinds_of([name]))
    assert allowed <= within
    assert spec(name).also <= within
    assert all(action not in labels_of(action) for action in within)
    assert spec(name).secondary - {"look up"} <= set(spec(name).labels)


@pytest.mark.parametrize("name", SERVICES)
def test_example_is_named_in_words_asked_about_imported_and_shown(name: str) -> None:
    entry, example = _entry(name), {"service": name, **spec(name).example}
    (info,) = infos_of(entry)
    rest = info.arn.split(":", 5)[5]
    plain = str(example[spec(name).field]).strip("/")
    assert plain in str(spec(name).describe(rest if not rest.endswith("/") else f"{rest}*"))
    assert any(
        query.concerns(info.arn)
        for query in resource_queries(f"{name}:{example[spec(name).field]}")
    )
    assert any(plain in str(found.fields) for found in spec(name).imported(info.arn, rest))
    (row,) = rows_of(example)
    assert (row.service, row.name) == (name, example[spec(name).field])
    assert labels(spec(name).actions[entry.allow])
    tries = list(spec(name).tries(entry.model_dump(), info.arn))
    assert bool(tries) == (name not in _WITHOUT_A_CALL)
    assert (
        info.arn in dict(spec(name).pasted(entry.model_dump(), info.arn, AWS_ENVIRONMENT)).values()
    )
    assert lookup(name).noun == spec(name).noun


@pytest.mark.parametrize("name", SERVICES)
def test_everything_that_it_reaches_is_said_with_all_that_is_implied(name: str) -> None:
    entry = _entry(name)
    infos = infos_of(entry)
    reached = [each.arn for each in reach(entry, infos, AWS_ENVIRONMENT)]
    implied = [one for info in infos for one in info.implied]
    for info in (*infos, *implied):
        inside = info.arn.rstrip("*/")
        assert any(arn.startswith(inside) for arn in reached), inside
        assert not info.kms_keys or not spec(name).key_use or set(info.kms_keys) <= {*reached}


def test_planner_may_look_up_what_lookups_need_and_nothing_else() -> None:
    statements = properties("PlanGrantRole")["Policies"][0]["PolicyDocument"]["Statement"]
    lookups = {
        *("LookUpResources", "LookUpBuckets", "LookUpKeys", "ReadKeyPolicies"),
        *("ReadEncryptedCatalog", "ListNames"),
    }
    mine = [statement for statement in statements if statement.get("Sid") in lookups]
    needed = sorted({action for service in specs().values() for action in service.lookup})
    assert sorted(action for statement in mine for action in listed(statement["Action"])) == needed


_SERVICES = {*NAMES} - FIELDS.keys()
"""`account` is a field of configs, too."""


def _literals(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    of_aws = {
        id(argument)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        if {getattr(call.func, "id", None), getattr(call.func, "attr", None)} & _OF_BOTO3
        for argument in call.args
    } | {id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in _SERVICES and id(node) not in of_aws:
            yield node.lineno, str(node.value)


def test_nobody_else_names_a_service() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name!r}"
        for folder in ("layers/latchkey/latchkey", "cli", "functions", "tools/reference")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not str(path.relative_to(ROOT)).startswith(_AT_HOME)
        for line, name in _literals(path)
        if (str(path.relative_to(ROOT)), name) not in _OF_ANOTHER_MEANING
    ]
    assert found == [], "ask latchkey.services.registry instead"


def test_names_are_those_of_iam() -> None:
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", name) for name in KNOWN)
    assert all(spec(name).name == name for name in KNOWN)


_QUOTED = r"(?m)[\"`]{0}[\"`]|arn:aws:{0}:|^ *{0}: \""
"""A service as tests name it."""

_TOLD = (
    "tests/e2e/services.py",
    "tests/integration/preflight.py",
    "tests/kit/resources.py",
)

_WITHOUT_MOTO = frozenset({"bedrock"})
"""Services that moto lacks, and with it the tests that make what a config names."""

_ON_MOTO = ("tests/e2e/", "tests/integration/", "tests/kit/resources.py")


@pytest.mark.parametrize("path", _TOLD)
def test_tables_that_have_each_service_have_all(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    needed = set(SERVICES) - (_WITHOUT_MOTO if path.startswith(_ON_MOTO) else set())
    needed -= _WITHOUT_A_CALL if path.startswith("tests/e2e/") else set()
    missing = [name for name in sorted(needed) if not re.search(_QUOTED.format(name), text)]
    assert missing == [], f"a row of each in {path}"
