"""Each hostile config is rejected with a problem that points at it, or granted as it is written."""

import json
from itertools import batched
from typing import Any

import pytest

from latchkey.config.schema import FIELDS
from latchkey.services.registry import NAMES as SERVICES
from tests.kit.examples import OTHER_ACCOUNT, PARTNER_ACCOUNT, config, config_document
from tests.kit.hostile.case import Hostile
from tests.kit.hostile.corpus import corpus
from tests.kit.hostile.exact import deviations
from tests.kit.hostile.fuzzing import round_of
from tests.kit.hostile.verdict import rendered, resolves, wrong_with

CORPUS = list(corpus())
CHUNKS = list(batched(CORPUS, 250, strict=False))


@pytest.mark.parametrize("cases", CHUNKS, ids=lambda cases: cases[0].name)
def test_rejected_where_it_is_wrong_or_granted_as_written(cases: tuple[Hostile, ...]) -> None:
    wrong = {case.name: found for case in cases if (found := wrong_with(case))}
    assert wrong == {}


def test_corpus_is_large_and_no_case_is_another() -> None:
    assert len(CORPUS) >= 600
    assert len({case.name for case in CORPUS}) == len(CORPUS)
    assert len({(case.key, case.body) for case in CORPUS}) == len(CORPUS)
    assert sum(case.granted for case in CORPUS) >= 100


def test_corpus_attacks_every_field_and_every_service() -> None:
    attacked = {at.split("/")[1] for case in CORPUS for at in case.points_at if at}
    assert attacked >= set(FIELDS)
    bodies = [case.body for case in CORPUS if not case.granted]
    for service in SERVICES:
        assert sum(f'"service": "{service}"'.encode() in body for body in bodies) >= 40, service


def test_role_that_says_other_than_its_config_is_noticed() -> None:
    document = config_document(source_ips=["203.0.113.0/24"])
    for old, new in {
        PARTNER_ACCOUNT: OTHER_ACCOUNT,
        f"{PARTNER_ACCOUNT}:root": f"{PARTNER_ACCOUNT}:role/*",
        "StringEquals": "StringLike",
        "acme-7f3b2c91": "acme-7f3b2c9",
        "203.0.113.0/24": "203.0.113.0/25",
        "2030-": "2031-",
        "DateLessThan": "DateLessThanIfExists",
        "aws:CurrentTime": "aws:TokenIssueTime",
        "data-bucket/in/*": "data-bucket/in*",
        ":data-bucket": ":*",
        '"in/*"': '"*"',
        "s3:PutObject": "s3:*",
        "Allow": "Deny",
        '"Resource"': '"NotResource"',
        "Access0": "Access1",
    }.items():
        text = json.dumps(rendered(config(source_ips=["203.0.113.0/24"])))
        assert old in text
        assert _deviates(document, json.loads(text.replace(old, new))), old
    assert not _deviates(document, json.loads(text))


def _deviates(document: dict[str, Any], policies: list[dict[str, Any]]) -> bool:
    try:
        return bool(deviations(document, *policies))
    except (KeyError, IndexError):  # nothing of the kind is left to look at
        return True


@pytest.mark.parametrize(
    ("pointer", "leads"),
    [
        ("", True),
        ("/a", True),
        ("/a/0", True),
        ("/a/1", False),
        ("/a/00", False),
        ("/a/x", False),
        ("/b", True),
        ("/b/c", False),
        ("/x~1y~0", True),
        ("/long…", True),
    ],
)
def test_pointers_lead_to_a_value_or_a_missing_field(pointer: str, leads: bool) -> None:
    document = {"a": [1], "x/y~": {}, "longer": 1}
    assert resolves(pointer, document) is leads


def test_fuzzer_loses_nothing_in_a_moment() -> None:
    round_of(1, examples=60)
