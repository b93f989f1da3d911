"""Valid configs and cases of the corpus with random mutations, in rounds of many.

Whatever the bytes are, reading them ends with a config that is rendered exactly as it is written,
or with problems that point at something.
"""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings, target
from hypothesis import strategies as st

from latchkey.config.reader import read_config
from tests.kit.examples import NOW, STACK_CONTEXT
from tests.kit.hostile.corpus import corpus
from tests.kit.hostile.names import ARNS
from tests.kit.hostile.tokens import ALL
from tests.kit.hostile.verdict import faults
from tests.kit.strategies import documents, entries

EXAMPLES = 400
"""In one round; each round begins anew, with another seed."""

_FIELDS = (
    "grant",
    "external_id",
    "generate_external_id",
    "starts_at",
    "source_ips",
    "organization_id",
    "status",
    "tags",
    "session_tags",
    "source_identity",
    "self_assume",
    "role_name",
    "Condition",
    "prefix",
    "$ref",
)
_tokens = st.sampled_from(ALL)
_texts = st.one_of(_tokens, st.text(max_size=9), st.sampled_from([*ARNS.values(), "fe80::1%x"]))
_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _texts, entries),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_texts, inner, max_size=3)
    ),
    max_leaves=5,
)
_Place = tuple[Any, Any]


def _places(node: Any) -> Iterator[_Place]:
    """Every container with every key of it."""
    if isinstance(node, dict | list):
        for key, child in node.items() if isinstance(node, dict) else enumerate(node):
            yield node, key
            yield from _places(child)


def _replace(draw: st.DrawFn, node: Any, key: Any) -> None:
    node[key] = copy.deepcopy(draw(_values))


def _insert(draw: st.DrawFn, node: Any, key: Any) -> None:
    text = str(node[key])
    at = draw(st.integers(0, len(text)))
    node[key] = text[:at] + draw(_texts) + text[at:]


def _remove(_: st.DrawFn, node: Any, key: Any) -> None:
    del node[key]


def _repeat(draw: st.DrawFn, node: Any, key: Any) -> None:
    if isinstance(node, list):
        node.extend([node[key]] * draw(st.integers(1, 30)))
    else:
        node[draw(st.one_of(_texts, st.sampled_from(_FIELDS)))] = copy.deepcopy(node[key])


def _wrap(draw: st.DrawFn, node: Any, key: Any) -> None:
    node[key] = draw(st.sampled_from([[node[key]], {str(key): node[key]}]))


_OF_DOCUMENTS: tuple[Callable[[st.DrawFn, Any, Any], None], ...] = (
    _replace,
    _insert,
    _insert,
    _remove,
    _repeat,
    _wrap,
)


def _mutated(draw: st.DrawFn, body: bytes, other: bytes) -> bytes:
    """Bytes with some of them flipped, left out, repeated, or taken from another file."""
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 40)))
    with_ = draw(
        st.one_of(
            st.binary(max_size=4),
            _tokens.map(str.encode),
            st.sampled_from([b"\\ud800", b"\\udfff", b"NaN", b"1e999", b"[[[[[[[[", b"\xff"]),
            st.integers(0, len(other)).map(lambda at: other[at : at + 60]),
            st.just(body[start:end] * 2),
        )
    )
    return body[:start] + with_ + body[end:]


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Files: valid documents, or cases of the corpus, with a few mutations."""
    if draw(st.integers(0, 9)) == 0:
        body = draw(st.sampled_from(_CORPUS))
    else:
        document = copy.deepcopy(draw(documents))  # strategies hand out their own lists
        for _ in range(draw(st.integers(0, 3))):
            if places := list(_places(document)):
                mutate = draw(st.sampled_from(_OF_DOCUMENTS))
                mutate(draw, *draw(st.sampled_from(places)))
        body = json.dumps(document, ensure_ascii=draw(st.booleans())).encode("utf-8", "replace")
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        body = _mutated(draw, body, draw(st.sampled_from(_CORPUS)))
    return body


_CORPUS = [case.body for case in corpus() if len(case.body) < 2_000]


def survives(body: bytes) -> None:
    """Nothing is wrong with the reading of a file; the more of it is valid, the better."""
    read = read_config(body, STACK_CONTEXT, NOW)
    target(float(len(read.sound)), label="valid fields")
    wrong = list(faults(body, read))
    assert not wrong, wrong


def round_of(number: int, examples: int = EXAMPLES) -> None:
    """One round; raises with the smallest example that fails."""
    profile = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.target, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    profile(seed(number)(given(bodies())(survives)))()
