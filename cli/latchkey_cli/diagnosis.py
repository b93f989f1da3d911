"""A config file held to the rules of the functions, offline, with each problem in its place."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from latchkey.config.guardrails import Guardrails, guardrail_problems, resource_problems
from latchkey.config.problem import ConfigRejected, Problem
from latchkey.config.reader import ReadConfig, read_config
from latchkey.config.rules import StackContext
from latchkey.config.strict_json import MAX_BYTES
from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.principal import parse_principal
from latchkey.services.entry import Entry
from latchkey.services.registry import spec
from latchkey.services.resource_info import ResourceInfo
from latchkey_cli.positions import Kind, Node, Scan, scan

_MARK = "\ufeff"
_UNKNOWN = AwsEnvironment("aws", "", "")
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("stands twice", "twice"),
    ("is not a JSON number", "constant"),
    ("for integer string conversion", "digits"),
    ("surrogate", "surrogate"),
    ("nested deeper", "deep"),
    ("not JSON", "syntax"),
)
"""Which fault of a text a problem of the whole document is about, by what it says."""


@dataclass(frozen=True)
class Finding:
    """A problem and where it stands; `line` and `column` count from 1, columns in characters."""

    problem: Problem
    line: int
    column: int

    def document(self) -> dict[str, Any]:
        """The finding as JSON data."""
        return {"line": self.line, "column": self.column, **self.problem.document()}


@dataclass(frozen=True)
class Stated:
    """What is known without AWS: whose stack it is, the time, and security's rules, if given."""

    now: datetime
    place: AwsEnvironment | None = None
    first_party_accounts: frozenset[str] = frozenset()
    rules: Guardrails | None = None


def diagnose(body: bytes, stated: Stated) -> tuple[Finding, ...]:
    """Every problem of a config file, in the order of the text; none when it is fine."""
    place = stated.place or assumed_place(body)
    read = read_config(body, StackContext(place, stated.first_party_accounts), stated.now)
    problems = read.problems
    if stated.rules:
        more = _broken(read, stated.rules, stated.now, place)
        problems = ConfigRejected([*problems, *more]).problems
    return located(body, problems)


def located(body: bytes, problems: Sequence[Problem]) -> tuple[Finding, ...]:
    """Problems with where they stand in a file, in the order of its text."""
    if not problems:
        return ()
    text = body[:MAX_BYTES].decode("utf-8", "replace")
    found = scan(text)
    placed = [(_offset(body, text, found, problem), problem) for problem in problems]
    return tuple(Finding(problem, *line_and_column(text, at)) for at, problem in sorted(placed))


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, as the standard library's `json` counts them."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def assumed_place(body: bytes) -> AwsEnvironment:
    """Where the stack must be that a config is for: where the first resource named by ARN is.

    Without one nothing is known but the partition, from the first principal that tells it.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return _UNKNOWN
    for text in _strings(document, "access"):
        parts = arn_parts(text)
        if parts and parts[2] and parts[3]:
            return AwsEnvironment(parts[0], parts[2], parts[3])
    for text in _strings(document, "principals"):
        try:
            partition = parse_principal(text).partition
        except ValueError:
            continue
        if partition:
            return AwsEnvironment(partition, "", "")
    return _UNKNOWN


def _strings(document: Any, name: str) -> Iterator[str]:
    """The texts of a list, and of the objects and lists right in it."""
    items = document.get(name) if isinstance(document, dict) else None
    for item in items if isinstance(items, list) else []:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from (value for value in item.values() if isinstance(value, str))


def _broken(
    read: ReadConfig, rules: Guardrails, now: datetime, place: AwsEnvironment
) -> Iterator[Problem]:
    """The guardrails that are broken, as far as that can be told without a lookup.

    Buckets have no place in their ARN; of the rest, only what is named by ARN is held to the rules
    about resources.
    """
    yield from guardrail_problems(read.sound, rules, now)
    access = read.sound.get("access", ())
    infos = [_info(entry, place.partition) if entry else None for entry in access]
    yield from resource_problems(access, infos, rules)


def _info(entry: Entry, partition: str) -> tuple[ResourceInfo, ...] | None:
    """What is known of an entry's resources, if their ARNs follow from the file alone."""
    whole = all(
        named.name.startswith("arn:") or not spec(named.service).arn.regional
        for named in entry.named()
    )
    return entry.assumed(AwsEnvironment(partition, "", "")) if whole else None


def _offset(body: bytes, text: str, found: Scan, problem: Problem) -> int:
    if problem.path:
        node, exact = _node(found, problem.path)
        unknown = exact and problem.message.startswith("unknown field")
        return node.key if unknown and node.key is not None else node.value
    if len(body) > MAX_BYTES:
        return len(text)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(body[: error.start].decode("utf-8"))
    if text.startswith(_MARK) or not text.strip():
        return 0
    return _fault(found, problem)


def _fault(found: Scan, problem: Problem) -> int:
    """Where the fault is that a problem of the whole document is about, or the document begins."""
    wanted = next((kind for needle, kind in _KINDS if needle in problem.message), None)
    if wanted:
        return next((fault.at for fault in found.faults if fault.kind == wanted), 0)
    return found.nodes[""].value if "" in found.nodes else 0


def _node(found: Scan, path: str) -> tuple[Node, bool]:
    """The node of a pointer or, where a field is missing, of the nearest object around it."""
    exact = True
    while path not in found.nodes and path:
        path, exact = path.rpartition("/")[0], False
    return found.nodes.get(path, Node(0)), exact
