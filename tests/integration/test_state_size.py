"""No run dies of its size: what a step is handed and answers is small, whatever it is about."""

import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latchkey.runtime.wiring.steps import granting_step
from latchkey.workflow.apply import Executor
from latchkey.workflow.events import MOST, brief
from tests.kit.examples import config_document, s3_entry
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.many_grants import crowd
from tests.kit.stack.world import World

EXTERNAL_ID = "acme-" + "x" * 1_219
FULL = 65_536


class Measured:
    """A world whose steps' data are measured, the execution's own input aside."""

    def __init__(self, stack: StackDriver) -> None:
        self.world = World(stack)
        self.seen: list[tuple[str, int, str]] = []
        task = self.world.machine._task

        def measuring(function: str, handed: Any) -> Any:
            self._note(function, {k: v for k, v in handed.items() if k != "request"})
            answer = task(function, handed)
            self._note(function, answer)
            return answer

        self.world.machine._task = measuring

    def _note(self, function: str, data: Any) -> None:
        text = json.dumps(data)
        self.seen.append((function, len(text), text))

    def order(self, request: Any) -> Any:
        """Start the workflow with an input; answers the output."""
        self.world.order(request)
        self.world.settle()
        return self.world.executions[-1].output

    def upload(self, body: bytes, key: str) -> Any:
        """Upload a file; answers the output of its run."""
        self.world.upload(key, body=body)
        self.world.settle()
        return self.world.executions[-1].output

    @property
    def largest(self) -> tuple[str, int]:
        """The step that had the most, and how many bytes."""
        return max(((step, size) for step, size, _ in self.seen), key=lambda found: found[1])

    def texts(self) -> str:
        """All that steps were handed and answered."""
        return "".join(text for *_, text in self.seen)


@pytest.fixture
def measured() -> Iterator[Measured]:
    with built_stack() as stack:
        stack.guard(allow_custom=True)
        yield Measured(stack)


def _padded(document: dict[str, Any]) -> bytes:
    """A config of the largest size there is."""
    text = json.dumps(document, ensure_ascii=False).encode()
    return text[:-1] + b" " * (FULL - len(text)) + b"}"


def _tags(letter: str) -> dict[str, str]:
    """Forty tags with keys as long as they come, within the bytes that tags may have."""
    each = 16_384 // 40 // len(letter.encode())
    return {f"{n:02}{letter * 126}": letter * max(0, min(each - 130, 256)) for n in range(40)}


def _largest(letter: str, **more: Any) -> dict[str, Any]:
    prefixes = [f"{'q' * 60}{n}" for n in range(7)]
    return config_document(
        purpose=letter * 200,
        external_id=EXTERNAL_ID,
        tags=_tags("a"),
        access=[s3_entry(prefix=prefix) for prefix in prefixes],
        **more,
    )


def test_largest_file_and_its_change_are_granted(measured: Measured) -> None:
    granted = measured.upload(_padded(_largest("é")), "partners/acme.json")
    changed = measured.upload(_padded(_largest("ü")), "partners/acme.json")
    assert (granted["outcome"], changed["outcome"]) == ("created", "updated")
    assert measured.largest[1] <= MOST, measured.largest
    assert EXTERNAL_ID not in measured.texts()
    assert "sts:AssumeRole" not in measured.texts()


def test_largest_inline_config_is_granted_and_ends(measured: Measured) -> None:
    assert measured.order({"config": _largest("é")})["outcome"] == "created"
    order = {"action": "revoke", "partner": "acme", "reason": "\U0001f600" * 1_024}
    assert measured.order(order)["outcome"] == "revoked"
    assert measured.largest[1] <= MOST, measured.largest


_TEXT = st.sampled_from(["a", "\\", '"', "\U0001f600", "ß", "\u2028"])


@given(letter=_TEXT, many=st.integers(1, 5_000), form=st.sampled_from(["file", "inline"]))
@settings(max_examples=12)
def test_whatever_is_wrong_is_told_in_a_small_state(letter: str, many: int, form: str) -> None:
    wrong = {
        **config_document(purpose=letter * 9_000, principals=[letter * 200] * 10),
        **{f"{n}{letter * (n % 90)}": n for n in range(many)},
    }
    with built_stack() as stack:
        measured = Measured(stack)
        if form == "inline":
            output = measured.order({"config": wrong})
        else:
            body = json.dumps(wrong, ensure_ascii=False).encode()
            output = measured.upload(body, f"partners/{(letter * 250)}.json")
        assert output["outcome"] == "rejected"
        assert output["problems"]
        assert measured.largest[1] <= MOST, measured.largest


@pytest.mark.parametrize("letter", ["a", "\U0001f600", "\x01"], ids=["a", "emoji", "control"])
def test_key_as_long_as_they_come_is_granted_and_fails(measured: Measured, letter: str) -> None:
    key = f"partners/{letter * ((1024 - 14) // len(letter.encode()))}.json"
    assert measured.upload(_padded(_largest("é")), key)["outcome"] == "created"
    aws("iam").delete_role_policy(RoleName="partner-acme.main", PolicyName="latchkey-access")
    aws("iam").untag_role(RoleName="partner-acme.main", TagKeys=["latchkey:stack"])
    measured.upload(b"{" + b"[" * 60_000, key)
    assert measured.largest[1] <= MOST, measured.largest


def test_error_with_a_message_of_any_length_is_recorded(
    measured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError('\U0001f600"\\' * 100_000)

    measured.upload(_padded(_largest("é")), "partners/acme.json")
    monkeypatch.setattr(Executor, "apply", broken)
    measured.upload(_padded(_largest("ü")), "partners/acme.json")
    assert measured.world.executions[-1].failed
    assert measured.world.stack.grant()["reason"].startswith("RuntimeError: ")
    assert measured.largest[1] <= MOST, measured.largest


def test_order_for_many_grants_comes_in_small_portions(measured: Measured) -> None:
    crowd(250, due=0)
    order = {
        "action": "revoke",
        "partner": "*",
        "grant": "*",
        "confirm": "all",
        "reason": "\U0001f600" * 1_024,
        "requested_by": "\U0001f600" * 256,
    }
    stack = measured.world.stack
    found: dict[str, Any] = {"after": "", "outcomes": {}, "failed": [], "done": []}
    while True:
        answer = stack.invoke("find_grants", {**stack.state(order), "found": found})
        assert len(json.dumps(answer)) <= MOST
        if answer["step"] != "order":
            break
        longest = [f"{'p' * 22}.{'g' * 22}" for _ in answer["grants"]]
        done = [{"grant": grant, "outcome": "unchanged"} for grant in longest]
        found = {**{name: answer[name] for name in ("after", "outcomes", "failed")}, "done": done}
        with_outcomes = {**answer, "grants": longest, "done": done}
        assert len(json.dumps(with_outcomes)) <= MOST
    assert answer["report"]["grants"] == 250


def test_plan_that_is_not_as_it_was_stored_is_planned_anew(measured: Measured) -> None:
    stack = measured.world.stack
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    (item,) = [item for item in stack.all_items() if item["pk"].startswith("PLAN#")]
    table = granting_step().data.documents._table
    plan = {**stack.whole_plan(state), "stack": "another"}
    another = zlib.compress(json.dumps(plan).encode())
    for content in (b"", b"not packed", item["content"].value[:-1] + b"x", another):
        table.put({**item, "content": content, "delete_after": 1})
        with pytest.raises(Exception, match="does not hold what was stored there") as raised:
            stack.invoke("grant_access", state)
        assert type(raised.value).__name__ == "PlanStale"
    assert stack.role() is None
    assert stack.invoke("plan_grant", state) == state["plan"]
    state["applied"] = stack.invoke("grant_access", state)
    assert stack.invoke("record_outcome", state)["outcome"] == "created"


def test_failure_whose_plan_is_lost_is_recorded_all_the_same(measured: Measured) -> None:
    stack = measured.world.stack
    stack.upload()
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["plan"]["stored"]["digest"] = "0" * 64
    state["error"] = {"Error": "PlanStale", "Cause": "{}"}
    result = stack.invoke("record_outcome", state)
    assert (result["outcome"], result["grant"]) == ("failed", "main")
    assert stack.item("LEASE#acme.main", "LEASE") is None
    assert aws("s3").list_objects_v2(Bucket=CONFIG_BUCKET)["KeyCount"] == 1


@given(st.text(), st.integers(40, 300))
@settings(max_examples=200)
def test_brief_texts_have_a_size_and_are_whole_where_they_fit(text: str, most: int) -> None:
    shown = brief(text, most)
    assert len(json.dumps(shown)) <= most + len(json.dumps("…"))
    assert shown == text or (len(json.dumps(text)) > most and text.startswith(shown[:-1]))
