"""Texts that people are told must show something: blanks of every kind are none."""

import pytest

from latchkey.config.problem import ConfigRejected
from latchkey.text import shows
from latchkey.workflow.request import parse_bulk_action, parse_request
from tests.kit.examples import read

BLANKS = [
    " ",
    "\t",
    "\n",
    "\u00a0",
    "\u2003 \u3000",
    "\u200b",
    "\u200d\u2060",
    "\ufeff",
    "\u202e",
    "\u2066\u2069",
    "\u2028",
    "\u00ad",
    "\u034f",
    "\u115f",
    "\u3164",
    "\uffa0",
    "\u2800",
    "\ufe0f",
    "\U000e0041\U000e0042",
    "\ue000",
    "\x00",
    "\x1b",
    "\x9b",
]
_IDS = [" ".join(f"U+{ord(c):04X}" for c in blank) for blank in BLANKS]
ORDER = {"action": "suspend", "partner": "acme", "reason": "why", "requested_by": "me"}
MANY = {**ORDER, "grant": "*"}


@pytest.mark.parametrize("blank", BLANKS, ids=_IDS)
@pytest.mark.parametrize("field", ["reason", "requested_by"])
def test_order_says_why_and_by_whom(field: str, blank: str) -> None:
    for parse, request in ((parse_request, ORDER), (parse_bulk_action, MANY)):
        with pytest.raises(ConfigRejected, match=f"/{field}: must not be blank"):
            parse({**request, field: blank})
        assert vars(parse({**request, field: f"{blank}x{blank}"}))[field] == f"{blank}x{blank}"


@pytest.mark.parametrize("form", [{"config": {}}, {"bucket": "config-bucket", "key": "k"}])
def test_every_form_of_request_does(form: dict[str, object]) -> None:
    with pytest.raises(ConfigRejected, match="/reason: must not be blank"):
        parse_request({**form, "reason": "\u3164"})


@pytest.mark.parametrize("blank", BLANKS, ids=_IDS)
@pytest.mark.parametrize("field", ["owner", "purpose"])
def test_config_says_who_and_what_for(field: str, blank: str) -> None:
    problems = read(**{field: blank}).problems
    assert [problem.path for problem in problems] == [f"/{field}"]


def test_words_of_every_script_show() -> None:
    assert all(map(shows, ["a", "é", "اب", "แ", "語", "🔒", " x ", "\u202ex"]))
