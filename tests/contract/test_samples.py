"""Every sample under events/ is one that the code for it can read."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from latchkey.aws.run_documents import RunDocuments
from latchkey.config.reader import ReadConfig, read_config
from latchkey.grants.plan import GrantPlan
from latchkey.iam.cloudtrail import IamCall
from latchkey.jobs.intake import changed_files
from latchkey.jobs.register_trigger import changed_grants
from latchkey.workflow.events import CarryOutEvent, FindEvent, NotifyEvent, PlanEvent, RecordEvent
from latchkey.workflow.request import ALL, parse_bulk_action, parse_request
from tests.kit.examples import NOW, STACK_CONTEXT
from tests.kit.repository import ROOT

EVENTS = ROOT / "events"
CONFIGS = sorted((EVENTS / "configs").glob("*.json"))
SAMPLES = sorted(path for path in EVENTS.glob("*.json") if path.name != "env.json")


def _sqs(sample: Any) -> None:
    for record in sample["Records"]:
        assert record["eventSource"] == "aws:sqs"
        body = json.loads(record["body"])
        files = list(changed_files(body))
        assert bool(files) != (body.get("Event") == "s3:TestEvent")
        assert all(file.key.startswith("partners/") and file.author for file in files)


def _register(sample: Any) -> None:
    bodies = [json.loads(record["body"]) for record in sample["Records"]]
    assert {body["source"] for body in bodies} == {"latchkey"}
    description = {f"{body['detail']['partner']}.{body['detail']['grant']}" for body in bodies}
    assert {str(grant) for grant in changed_grants(sample) or ()} == description


def _scheduler(sample: Any) -> None:
    if "source" in sample:
        assert sample["source"] == "aws.scheduler"
    else:
        assert sample["action"] == "check"
        parse_request(sample)


def _cloudtrail(sample: Any) -> None:
    assert sample["detail-type"] == "AWS API Call via CloudTrail"
    assert IamCall.from_detail(sample["detail"])


def _workflow(sample: Any) -> None:
    many = ALL in (sample.get("partner"), sample.get("grant"))
    (parse_bulk_action if many else parse_request)(sample)


def _find(sample: Any) -> None:
    parse_bulk_action(FindEvent.read(sample).request)


def _plan(sample: Any) -> None:
    parse_request(PlanEvent.read(sample).request)


def _plan_of(event: CarryOutEvent | RecordEvent | NotifyEvent) -> GrantPlan:
    """The plan that an event refers to, as `sandbox.samples` stores it."""
    document = json.loads((EVENTS / f"plans/{event.execution.name}.json").read_text())
    table: Any = None
    stored, _ = RunDocuments(table).writes("", document, NOW)
    assert event.plan
    assert event.plan.stored == stored
    plan = GrantPlan.from_document(document)
    assert json.loads(json.dumps(plan.document())) == document
    return plan


def _carry_out(step: str) -> Callable[[Any], None]:
    def check(sample: Any) -> None:
        event = CarryOutEvent.read(sample)
        assert event.plan.step == step
        assert event.plan.changes == len(_plan_of(event).changes) > 0

    return check


def _record(sample: Any) -> None:
    event = RecordEvent.read(sample)
    assert event.plan
    assert event.plan.outcome == _plan_of(event).outcome


def _tell(sample: Any) -> None:
    event = NotifyEvent.read(sample)
    assert event.result.outcome == _plan_of(event).outcome


READERS: dict[str, Callable[[Any], Any]] = {
    "sqs": _sqs,
    "sqs_register": _register,
    "workflow": _workflow,
    "find_grants": _find,
    "scheduler": _scheduler,
    "cloudtrail": _cloudtrail,
    "plan_grant": _plan,
    "grant_access": _carry_out("grant"),
    "revoke_access": _carry_out("revoke"),
    "record_outcome": _record,
    "notify_outcome": _tell,
}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_is_read_by_what_it_is_for(path: Path) -> None:
    source, _, fact = path.stem.partition("__")
    assert fact, "<source>__<fact>.json"
    READERS[source](json.loads(path.read_text(encoding="utf-8")))


def test_there_is_a_sample_for_every_reader() -> None:
    assert {path.stem.partition("__")[0] for path in SAMPLES} == READERS.keys()


def _read(path: Path) -> ReadConfig:
    return read_config(path.read_bytes(), STACK_CONTEXT, NOW)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_example_config_is_accepted_or_called_invalid(path: Path) -> None:
    assert bool(_read(path).problems) == ("invalid" in path.stem)


def test_there_are_examples_of_both_kinds() -> None:
    assert len({bool(_read(path).problems) for path in CONFIGS}) == 2


@pytest.mark.parametrize("path", [*SAMPLES, *CONFIGS], ids=lambda path: path.stem)
def test_samples_name_example_accounts_only(path: Path) -> None:
    examples = {"111122223333", "444455556666", "123456789012"}
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"(?<![0-9a-f-])[0-9]{12}(?![0-9a-f])", text)) <= examples
