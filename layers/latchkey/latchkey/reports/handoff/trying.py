"""Calls by which a partner sees that its access works: those for each resource it was given."""

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.call import Call, Found
from latchkey.services.entry import Entry
from latchkey.services.registry import spec

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def calls(access: Iterable[Entry], environment: AwsEnvironment) -> tuple[Call, ...]:
    """The calls for a config's `access`; of custom statements those that change no data."""
    return tuple(call for entry in access for call in _calls(entry, environment))


def _calls(entry: Entry, environment: AwsEnvironment) -> Iterator[Call]:
    infos = entry.assumed(environment)
    yield from spec(entry.service).tries(entry.model_dump(), infos[0].arn if infos else "")


def left_behind(call: Call) -> Iterator[str]:
    """A comment, in the shell as in Python, on what a call leaves behind."""
    if call.leaves:
        yield f"# leaves {call.leaves}:"


def tried(call: Call) -> Iterator[str]:
    """The call as lines of Python that say that it works."""
    yield from left_behind(call)
    yield from python(call)
    yield f'print("{call.client} {call.operation} works")'


def command(call: Call, profile: str) -> str:
    """The call as a command of the AWS CLI, with the calls that it takes values from."""
    return _command(call, profile, call.shown)


def _command(call: Call, profile: str, shown: str, *, text: bool = False) -> str:
    words = ["aws", "--profile", profile, call.program or call.client, call.operation]
    line = shlex.join(words)
    for name, value in call.parameters.items():
        line += f" --{_kebab(name)}{'' if value is True else f' {_argument(value, profile)}'}"
    line += f" --query {shlex.quote(shown)}"
    line += " --output text" if text else ""
    return line + (" /dev/null" if call.outfile else "")


def _argument(value: Any, profile: str) -> str:
    """A value as a word of the shell; one that another call answers is asked for in place."""
    if isinstance(value, Found):
        query = f"{value.items}[0].{value.member}" if value.items else value.member
        return f'"$({_command(value.call, profile, query, text=True)})"'
    return shlex.quote(json.dumps(value) if isinstance(value, list | dict) else str(value))


def python(call: Call) -> tuple[str, ...]:
    """The call as lines of Python, on boto3's `session`; it is left out where nothing is found."""
    loops: dict[str, str] = {}
    told = _expression(call, loops)
    heads = [f"{'    ' * n}for {one} in {each}[:1]:" for n, (each, one) in enumerate(loops.items())]
    return (*heads, f"{'    ' * len(heads)}{told}")


def _expression(call: Call, loops: dict[str, str]) -> str:
    """The call as an expression; `loops` has what it is in, and what each runs over."""
    method = call.operation.replace("-", "_")
    given = ", ".join(f"{name}={_value(value, loops)}" for name, value in call.parameters.items())
    return f'session.client("{call.client}").{method}({given})'


def _value(value: Any, loops: dict[str, str]) -> str:
    if not isinstance(value, Found):
        return repr(value) if isinstance(value, bool | int) else json.dumps(value)
    answer = _expression(value.call, loops)
    if not value.items:
        return f'{answer}["{value.member}"]'
    each = f'{answer}.get("{value.items}", [])'
    one = loops.setdefault(each, f"found{len(loops) or ''}")
    return f'{one}["{value.member}"]'


def _kebab(name: str) -> str:
    return _WORDS.sub("-", name).lower()
