"""Hostile input through the real handlers, over a live grant that must not notice.

Configs (`tests/kit/hostile/corpus.py`) are uploaded in place of the file that granted it; keys come
in notifications, and senseless inputs straight into the workflow.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

import tests.kit.environment  # noqa: F401 (before anything reads it)
from latchkey.runtime.observability import logger
from tests.kit.hostile.case import Hostile
from tests.kit.hostile.corpus import corpus
from tests.kit.hostile.inputs import inputs
from tests.kit.hostile.keys import messages
from tests.kit.parts import of_part, turn
from tests.kit.stack.build import built_stack
from tools.faults.stage import Stage
from tools.tally import Tally, in_parallel

_PARTS = {True: 4, False: 16}
"""Of the short form, and of the full one: moto gets slow with much in its table."""

_SHORT = {"rejected": 40, "granted": 5, "keys": 3, "inputs": 12}
"""The short form takes each so-manieth, others each time."""

Counted = list[tuple[str, list[str]]]


def run(*, short: bool) -> Tally:
    """Everything hostile, or with `short` some of each kind."""
    tally = Tally("hostile")
    for case, wrong in in_parallel(_part, range(_PARTS[short]), short=short):
        tally.count(case, wrong)
    return tally


def _part(index: int, *, short: bool) -> Counted:
    def mine(kind: str, cases: Any) -> Any:
        chosen = of_part(list(cases), _SHORT[kind], turn()) if short else list(cases)
        return chosen[index :: _PARTS[short]]

    with built_stack() as stack, _listening() as heard:
        stage = Stage(stack, heard)
        return [
            *((c.name, stage.config(c)) for c in mine("rejected", _configs(granted=False))),
            *((c.name, stage.config(c)) for c in mine("granted", _configs(granted=True))),
            *((message.name, stage.message(message)) for message in mine("keys", messages())),
            *((name, stage.input(request)) for name, request in mine("inputs", inputs())),
        ]


def _configs(*, granted: bool) -> Iterator[Hostile]:
    """The corpus; Bedrock has no models here, so it can grant nothing (test_bedrock_lookup.py)."""
    return (
        case
        for case in corpus()
        if case.granted == granted and not (granted and b'"bedrock"' in case.body)
    )


@contextmanager
def _listening() -> Iterator[io.StringIO]:
    """All that the functions print, logs as well as metrics."""
    heard = io.StringIO()
    logger.setLevel("INFO")
    for handler in logger.handlers:
        handler.setStream(heard)  # type: ignore[attr-defined]  # they are stream handlers
    with redirect_stdout(heard):
        yield heard
