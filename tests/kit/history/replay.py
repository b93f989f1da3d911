"""The past by a plain replay: every event in order, with rules of its own.

Nothing here knows of ARNs, policies or keys; it is what answers from the table are held to.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import replace
from dataclasses import dataclass
from datetime import datetime, timedelta

from latchkey.grant_id import GrantId
from tests.kit.history.generated import FIELDS, FOLDERS, NAMES, Fact, Given

MAY = {
    ("s3", "read"): {"list", "read"},
    ("s3", "write"): {"put"},
    ("s3", "read-write"): {"list", "read", "put", "delete"},
    ("secretsmanager", "read"): {"read"},
    ("sqs", "send"): {"send"},
    ("sqs", "consume"): {"receive", "delete"},
    ("sns", "publish"): {"publish"},
    ("dynamodb", "read"): {"read", "search"},
    ("dynamodb", "read-write"): {"read", "search", "put", "update", "delete"},
    ("lambda", "invoke"): {"invoke"},
    ("ssm", "read"): {"read"},
    ("events", "put"): {"put"},
    ("kinesis", "read"): {"read"},
    ("kinesis", "write"): {"put"},
    ("states", "start"): {"start"},
    ("logs", "read"): {"read"},
    ("logs", "write"): {"write"},
    ("firehose", "put"): {"put"},
    ("ecr", "pull"): {"pull"},
    ("ecr", "push"): {"push"},
}

Answer = tuple[str, str, str, frozenset[str], frozenset[str], bool]
"""Grant, service, resource, verbs, accounts, and whether it is certain."""


@dataclass(frozen=True)
class Question:
    """A question as it is put, and what it is about, as a rule about what was given."""

    text: str
    about: Callable[[Given], bool]
    at: datetime


@dataclass(frozen=True)
class _Held:
    given: Given
    accounts: frozenset[str]
    starts: datetime | None
    expires: datetime | None
    certain: bool

    def at(self, moment: datetime) -> bool:
        begun = self.starts is None or self.starts <= moment
        return begun and (self.expires is None or moment < self.expires)


def answers(facts: Iterable[Fact], questions: Sequence[Question]) -> list[set[Answer]]:
    """The answer to each question, with one replay of all facts for all of them."""
    rest = sorted(enumerate(questions), key=lambda numbered: numbered[1].at)
    state: dict[GrantId, list[_Held]] = {}
    found: dict[int, set[Answer]] = {}
    for fact in facts:
        while rest and rest[0][1].at < fact.at:
            number, question = rest.pop(0)
            found[number] = _answer(state, question)
        state[fact.grant] = _after(fact, state.get(fact.grant, []))
    found |= {number: _answer(state, question) for number, question in rest}
    return [found[number] for number in range(len(questions))]


def _after(fact: Fact, before: list[_Held]) -> list[_Held]:
    new = [
        _Held(given, fact.accounts, fact.starts, fact.expires, not fact.failed)
        for given in fact.given
    ]
    if not fact.failed:
        return new
    accounts = fact.accounts.union(*(held.accounts for held in before))
    return [replace(held, accounts=accounts, certain=False) for held in (*before, *new)]


def _answer(state: dict[GrantId, list[_Held]], question: Question) -> set[Answer]:
    return {
        (
            str(grant),
            held.given.service,
            _shown(held.given),
            _may(held.given),
            held.accounts,
            held.certain,
        )
        for grant, all_held in state.items()
        for held in all_held
        if held.at(question.at) and question.about(held.given)
    }


def _shown(given: Given) -> str:
    """A parameter's ARN does not tell whether a name of one part began with `/`."""
    if given.service == "s3":
        return f"{given.name}/{given.folder or ''}"
    return given.name.removeprefix("/") if given.name.count("/") == 1 else given.name


def _may(given: Given) -> frozenset[str]:
    """Uploads are listed of whole buckets only: IAM cannot bind that list to a folder."""
    path = given.service == "ssm" and given.name.endswith("/")
    bucket = (given.service, given.allow, given.folder) == ("s3", "read-write", None)
    more = {"read by path"} if path else {"list uploads"} if bucket else set()
    return frozenset(MAY[given.service, given.allow] | more)


def questions(facts: Sequence[Fact], number: int, seed: int) -> Iterator[Question]:
    """Random questions about random moments, half of them at the very edge of something."""
    chance = random.Random(seed)  # noqa: S311 (not a secret)
    kinds = (_bucket, _folder, _object, _parameter, _path, _bare, _named)
    edges = [
        edge + timedelta(microseconds=step)
        for fact in facts
        for edge in (fact.at, fact.starts, fact.expires)
        if edge
        for step in (-1, 0)
    ]
    first, last = facts[0].at, facts[-1].at + timedelta(days=100)
    for _ in range(number):
        anywhere = first + chance.random() * (last - first)
        at = chance.choice(edges) if chance.random() < 0.5 else anywhere
        text, about = chance.choice(kinds)(chance)
        yield Question(text, about, at)


type _Kind = tuple[str, Callable[[Given], bool]]


def _bucket(chance: random.Random) -> _Kind:
    name = chance.choice(NAMES)
    text = chance.choice([f"s3://{name}", f"s3:{name}", f"arn:aws:s3:::{name}", f"s3://{name}/"])
    return text, lambda given: given.service == "s3" and given.name == name


def _folder(chance: random.Random) -> _Kind:
    name, folder = chance.choice(NAMES), chance.choice([*filter(None, FOLDERS), "in/deep/er/"])
    text = chance.choice([f"s3:{name}/{folder}", f"arn:aws:s3:::{name}/{folder}*"])

    def about(given: Given) -> bool:
        inside = (given.folder or "").startswith(folder) or folder.startswith(given.folder or "")
        return given.service == "s3" and given.name == name and inside

    return text, about


def _object(chance: random.Random) -> _Kind:
    name, folder = chance.choice(NAMES), chance.choice([f or "" for f in FOLDERS])
    key = folder + chance.choice(["x.csv", "in", "deep", "deep/y"])

    def about(given: Given) -> bool:
        inside = key.startswith(given.folder or "") or (given.folder or "").startswith(f"{key}/")
        return given.service == "s3" and given.name == name and inside

    return chance.choice([f"s3://{name}/{key}", f"arn:aws:s3:::{name}/{key}"]), about


def _parameter(chance: random.Random) -> _Kind:
    name = f"/{chance.choice(NAMES)}{chance.choice(['', '/db', '/db/host', '/else'])}"

    def about(given: Given) -> bool:
        path = given.name.endswith("/") and name.startswith(given.name)
        return given.service == "ssm" and (
            path or given.name == name or given.name.startswith(f"{name}/")
        )

    arn = f"arn:aws:ssm:us-east-1:123456789012:parameter{name}"
    return chance.choice([f"ssm:{name}", arn]), about


def _path(chance: random.Random) -> _Kind:
    path = f"/{chance.choice(NAMES)}{chance.choice(['/', '/db/', '/else/'])}"

    def about(given: Given) -> bool:
        above = given.name.endswith("/") and path.startswith(given.name)
        inside = given.name.startswith(path) or above
        return given.service == "ssm" and inside

    return f"ssm:{path}", about


def _bare(chance: random.Random) -> _Kind:
    name = chance.choice(NAMES)

    def about(given: Given) -> bool:
        return given.name == name or f"{given.name}/".startswith(f"/{name}/")

    return name, about


def _named(chance: random.Random) -> _Kind:
    service = chance.choice([one for one in FIELDS if one not in ("s3", "ssm")])
    name = chance.choice(NAMES)
    return f"{service}:{name}", lambda given: (given.service, given.name) == (service, name)
