"""`latchkey import`: metrics, which hand-made policies allow on `*`."""

from typing import Any

import pytest

from latchkey_cli.importing.role import ExistingRole
from tests.cli.hand_made import SAID, allow_statement, hand_made, imported

READ = ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"]
OWN = {"StringEquals": {"cloudwatch:namespace": "Northwind/Orders"}}
NOT_AWS = {"StringNotLike": {"cloudwatch:namespace": ["AWS/*", "Latchkey"]}}


def _role(actions: list[str], condition: dict[str, Any]) -> ExistingRole:
    return hand_made(allow_statement(actions, "*", Condition=condition))


@pytest.mark.parametrize(
    ("actions", "condition", "entries", "kinds"),
    [
        (READ, {}, [("read", None)], []),
        (["cloudwatch:PutMetricData"], OWN, [("put", "Northwind/Orders")], []),
        (["cloudwatch:PutMetricData"], NOT_AWS, [("put", None)], []),
        (["cloudwatch:PutMetricData"], {}, [("put", None)], ["lost"]),
        ([*READ, "cloudwatch:PutMetricData"], {}, [("read", None), ("put", None)], ["lost"]),
    ],
)
def test_metrics_become_an_entry_that_gives_no_more(
    actions: list[str],
    condition: dict[str, Any],
    entries: list[tuple[str, str | None]],
    kinds: list[str],
) -> None:
    config, described = imported(_role(actions, condition), SAID)
    assert [(one.allow, one.namespace) for one in map(_metrics, config.access)] == entries
    assert [note.kind for note in described.notes if "cloudwatch" in note.text] == kinds


def _metrics(entry: Any) -> Any:
    assert entry.service == "cloudwatch"
    return entry
