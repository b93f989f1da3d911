"""The sample events of the workflow's later steps are what the code makes today."""

import json

import pytest

from tests.contract.sample_states import EVENTS, samples


@pytest.mark.parametrize(("name", "expected"), samples().items(), ids=samples())
def test_the_sample_is_what_the_plan_says_today(name: str, expected: dict[str, object]) -> None:
    found = json.loads((EVENTS / name).read_text())
    rewrite = "python -m tests.contract.sample_states"
    assert found == json.loads(json.dumps(expected)), f"write it anew: {rewrite}"
