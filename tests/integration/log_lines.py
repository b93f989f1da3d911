"""What the functions write while tests run, and what must not be in it."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from latchkey.runtime.observability import logger
from tests.kit.stack.aws import aws
from tests.kit.stack.driver import StackDriver

EXTERNAL_ID = "sentinel-external-id-7f3b2c91"


SECRET = "sentinel-secret"


BUCKET = "data-bucket"


CONFIG: dict[str, Any] = {
    "external_id": EXTERNAL_ID,
    "purpose": "Sentinel purpose",
    "owner": "sentinel-owner",
    "tags": {"sentinel-tag": "sentinel-value"},
    "source_ips": ["203.0.113.0/24"],
    "access": [
        {"service": "secretsmanager", "secret": SECRET, "allow": "read"},
        {"service": "s3", "bucket": BUCKET, "prefix": "sentinel-prefix", "allow": "read"},
    ],
}


SECRETS = ("sentinel", "203.0.113", BUCKET)
"""In any case of letters; no line may have them, nor a word of a policy."""


DOCUMENTS = ("statement", "sts:", "secretsmanager:", "principals", "latchkey:")


ORDER = {"partner": "acme", "grant": "main"}


class Written:
    """All that was written so far, as a log group would have it."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys, self._text = capsys, ""

    @property
    def text(self) -> str:
        """As it stands."""
        self._text += "".join(self._capsys.readouterr())
        return self._text

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line, which has to be one JSON object."""
        found = [json.loads(line) for line in self.text.splitlines()]
        assert all(isinstance(line, dict) for line in found)
        return found

    def of(self, message: str) -> list[dict[str, Any]]:
        """The log lines with a message."""
        return [line for line in self.lines if line.get("message") == message]

    def metrics(self) -> set[str]:
        """The names of the metrics."""
        sets = [m for line in self.lines for m in line.get("_aws", {}).get("CloudWatchMetrics", [])]
        return {metric["Name"] for found in sets for metric in found["Metrics"]}


class _Stdout:
    """Standard output as it is when something is written: pytest puts others in its place."""

    def write(self, text: str) -> None:
        sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


@pytest.fixture
def written(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Written]:
    """What the Logger and `print`, which is how metrics leave, write at INFO."""
    aws("secretsmanager").create_secret(Name=SECRET, SecretString="sentinel-content")
    for handler in logger.handlers:
        monkeypatch.setattr(handler, "stream", _Stdout())
    before = logger.log_level
    logger.setLevel(logging.INFO)
    yield Written(capsys)
    logger.setLevel(before)


def assert_clean(text: str, *more: str) -> None:
    lowered = text.lower()
    assert [word for word in (*SECRETS, *DOCUMENTS, *more) if word.lower() in lowered] == []
