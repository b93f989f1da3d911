"""LogLevel drops log lines only: Lambda's own filter never drops a metric, nor a line of ours.

The filter is written here as the Lambda developer guide documents it ("Log-level filtering"): what
has no valid `level`, or no RFC 3339 `timestamp`, counts as INFO.
"""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.kit.repository import ROOT
from tests.kit.template import template

LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
SAME = {"WARNING": "WARN", "CRITICAL": "FATAL"}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

PROGRAM = """
import logging
from latchkey.runtime.observability import logger, metrics
logging.getLogger().addHandler(logging.StreamHandler())  # as the runtime does
for level in ("debug", "info", "warning", "error", "critical"):
    getattr(logger, level)(level)
logging.getLogger("botocore.endpoint").debug("a whole request")
logging.getLogger("botocore.credentials").info("found some")
metrics.add_metric(name="GrantsDue", unit="Count", value=1)
metrics.flush_metrics()
"""


def _lambda_level(line: str) -> str:
    """The level that Lambda takes a line for."""
    try:
        found: Any = json.loads(line)
    except ValueError:
        return "INFO"
    level = str(found.get("level", "")).upper()
    level = SAME.get(level, level)
    dated = RFC_3339.fullmatch(str(found.get("timestamp", "")))
    return level if level in LEVELS and dated else "INFO"


def _kept(log_level: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines that CloudWatch gets, and all that other libraries write."""
    filtered = template()["Globals"]["Function"]["LoggingConfig"]["ApplicationLogLevel"]
    assert isinstance(filtered, str), "not a parameter"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "layers/latchkey"),
        "AWS_LAMBDA_LOG_LEVEL": filtered,  # set by Lambda
        "POWERTOOLS_LOG_LEVEL": log_level,
        "POWERTOOLS_SERVICE_NAME": "latchkey",
        "POWERTOOLS_METRICS_NAMESPACE": "Latchkey",
    }
    command = [sys.executable, "-W", "error::UserWarning", "-c", PROGRAM]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    least = LEVELS.index(filtered)
    lines = [
        line for line in done.stdout.splitlines() if LEVELS.index(_lambda_level(line)) >= least
    ]
    return [json.loads(line) for line in lines], done.stderr.splitlines()


@pytest.mark.parametrize(
    ("log_level", "messages"),
    [
        ("DEBUG", ["debug", "info", "warning", "error", "critical"]),
        ("INFO", ["info", "warning", "error", "critical"]),
        ("WARN", ["warning", "error", "critical"]),
        ("ERROR", ["error", "critical"]),
    ],
)
def test_log_level_keeps_every_metric_and_the_lines_from_that_level_on(
    log_level: str, messages: list[str]
) -> None:
    kept, libraries = _kept(log_level)
    assert [line["message"] for line in kept if "message" in line] == messages
    assert [line["GrantsDue"] for line in kept if "_aws" in line] == [[1.0]]
    assert "a whole request" not in libraries
    assert ("found some" in libraries) == (log_level in ("DEBUG", "INFO"))


def test_lines_are_of_the_level_that_lambda_takes_them_for() -> None:
    kept, _ = _kept("DEBUG")
    lines = [line for line in kept if "message" in line]
    assert [SAME.get(line["level"], line["level"]) for line in lines] == list(LEVELS[1:])
    assert [_lambda_level(json.dumps(line)) for line in lines] == list(LEVELS[1:])


def test_parameter_has_levels_that_python_knows_too() -> None:
    allowed = template()["Parameters"]["LogLevel"]["AllowedValues"]
    assert allowed == ["DEBUG", "INFO", "WARN", "ERROR"]
