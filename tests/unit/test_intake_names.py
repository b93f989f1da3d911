"""Execution names: what Step Functions takes, and one per message and file."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from latchkey.jobs.intake import Intake, changed_files

_keys = st.text(max_size=300).map(lambda text: f"partners/{text}.json")


class _Workflow:
    def __init__(self) -> None:
        self.started: list[tuple[str, dict[str, Any]]] = []

    def start(self, name: str, request: dict[str, Any]) -> None:
        self.started.append((name, request))


def _notification(key: str) -> dict[str, Any]:
    return {"Records": [{"s3": {"bucket": {"name": "b"}, "object": {"key": key}}}]}


def _name(key: str, message: str) -> str:
    workflow, nobody = _Workflow(), None
    intake: Any = Intake
    (name,) = intake(nobody, workflow).start_runs(_notification(key), message)
    return str(name)


@given(_keys, st.uuids().map(str))
def test_name_is_one_that_step_functions_takes(key: str, message: str) -> None:
    name = _name(key, message)
    assert re.fullmatch(r"[0-9A-Za-z_.-]{1,80}", name)
    assert name == _name(key, message)


def test_name_differs_by_message_and_by_key() -> None:
    keys = ("partners/a.json", "partners/a b.json", "partners/a-b.json")
    names = {_name(key, message) for key in keys for message in ("1", "2")}
    assert len(names) == 6


def test_notification_without_records_names_no_file() -> None:
    assert list(changed_files({"Event": "s3:TestEvent"})) == []
