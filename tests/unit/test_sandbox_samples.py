"""What the sample configs name is made: every resource of every sample, and again without harm."""

import json

import pytest
from moto import mock_aws

from latchkey.config.reader import read_document
from sandbox.samples import EVENTS
from sandbox.samples.__main__ import main
from sandbox.samples.resources import make
from tests.kit.examples import NOW, STACK_CONTEXT
from tests.kit.stack.aws import aws

CONFIGS = [json.loads(path.read_text()) for path in sorted(EVENTS.glob("configs/*.json"))]


def test_every_resource_of_every_valid_sample_is_made_and_again_without_harm() -> None:
    with mock_aws():
        made = make(aws, CONFIGS)
        assert make(aws, CONFIGS) == made
    services = {one.partition(" ")[0] for one in made}
    read = [read_document(config, STACK_CONTEXT, NOW).config for config in CONFIGS]
    named = {n.service for config in read if config for e in config.access for n in e.named()}
    assert services == named - {"bedrock"}, "models are AWS's own; there is nothing to make"
    assert "lambda quote-price:live" in made


def test_without_a_sandbox_it_says_so_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_PORT", "1")
    with pytest.raises(SystemExit, match=r"no sandbox at http://127.0.0.1:1 .*make sandbox"):
        main()
