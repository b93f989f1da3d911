"""Calls by which a partner sees that its access works: one for each resource that it was given."""

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.call import Call
from latchkey.services.entry import Entry
from latchkey.services.registry import spec

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def calls(access: Iterable[Entry], environment: AwsEnvironment) -> tuple[Call, ...]:
    """The calls for a config's `access`; custom statements have none, since any may be in them."""
    return tuple(call for entry in access for call in _calls(entry, environment))


def _calls(entry: Entry, environment: AwsEnvironment) -> Iterator[Call]:
    infos = entry.assumed(environment)
    call = spec(entry.service).try_call(entry.model_dump(), infos[0].arn if infos else "")
    if call:
        yield call


def command(call: Call) -> str:
    """The call as a command of the AWS CLI, without the program's name and the profile."""
    words = [call.program or call.client, call.operation]
    for name, value in call.parameters.items():
        words += [f"--{_kebab(name)}", *([] if value is True else [_text(value)])]
    words += ["--query", call.shown]
    return shlex.join([*words, *(["/dev/null"] if call.outfile else [])])


def python(call: Call) -> str:
    """The call as an expression in Python, on boto3's `session`."""
    method = call.operation.replace("-", "_")
    given = ", ".join(f"{name}={_literal(value)}" for name, value in call.parameters.items())
    return f'session.client("{call.client}").{method}({given})'


def _kebab(name: str) -> str:
    return _WORDS.sub("-", name).lower()


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, list) else str(value)


def _literal(value: Any) -> str:
    """A value as Python writes it; strings of a config hold nothing that JSON writes otherwise."""
    return repr(value) if isinstance(value, bool | int) else json.dumps(value)
