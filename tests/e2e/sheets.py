"""The sheets that `test_handoff` follows: what they are about, and their commands."""

from dataclasses import dataclass
from itertools import batched
from typing import Any

from latchkey.services.registry import spec
from tests.e2e.partners_machine import PartnersMachine
from tests.kit.documented.kinds import KINDS

_FIELDS = {"ssm": "/{}/", "kms": "alias/{}", "ses": "{}.example"}
"""By service: how an entry names its resource, where not by the plain name."""

_NOT_PLAYED = {
    "bedrock": "moto 5.2.5 has InvokeModel of bedrock-runtime, and no Converse",
    "execute-api": "the API's owner alone knows what it answers, so there is no call to try",
}
"""Services whose calls are held against botocore's model only (tests/unit/test_call_models.py)."""

TRIED = [kind for kind in KINDS if kind["service"] not in _NOT_PLAYED]

_PORTION = 7
"""Entries of one grant: a policy has room for no more."""


@dataclass(frozen=True)
class Bench:
    """A partner's machine, and what is known of the resources that its sheet is about."""

    machine: PartnersMachine
    access: list[dict[str, Any]]
    answers: dict[str, str]

    @property
    def commands(self) -> list[str]:
        """The commands that use the access, which come after those about the session."""
        lines = self.machine.blocks["sh"].splitlines()[2:]
        return [self.filled(line) for line in lines if not line.startswith("#")]

    def filled(self, text: str) -> str:
        """A text of the sheet with what only the partner knows."""
        for placeholder, answer in self.answers.items():
            text = text.replace(placeholder, answer)
        return text


def _entry(kind: dict[str, Any], name: str) -> dict[str, Any]:
    service = kind["service"]
    field = spec(service).field
    named = {field: _FIELDS.get(service, "{}").format(name)} if field else {}
    return {**kind, **named}


def portions(name: str) -> list[list[dict[str, Any]]]:
    """All kinds of access to resources of one name, and custom statements, in a few grants."""
    custom = {
        "Effect": "Allow",
        "Action": ["s3:GetObjectTagging", "s3:GetObjectVersion"],
        "Resource": [f"arn:aws:s3:::{name}/in/*"],
    }
    others: list[dict[str, Any]] = [
        {"service": "s3", "bucket": name, "prefix": "o'neil", "allow": "write"},
        {"service": "s3", "bucket": name, "prefix": "in", "allow": "read", "object_tags": True},
        {"service": "s3", "bucket": name, "allow": "write", "object_tags": True},
        {"service": "custom", "statements": [custom]},
    ]
    entries = [_entry(kind, name) for kind in TRIED]
    alone = [one for one in entries if spec(one["service"]).managed]
    together = [one for one in entries if one not in alone] + others
    return [*([one] for one in alone), *map(list, batched(together, _PORTION, strict=False))]


def _form(line: str) -> tuple[str, ...]:
    """The program, the operation and the options of a command: what the AWS CLI has to take."""
    words = line.split(" --query", maxsplit=1)[0].split()
    return (*words[3:5], *(word for word in words if word.startswith("--")), str(line.count("$(")))


def of_new_form(benches: list[Bench]) -> list[list[tuple[str, str]]]:
    """For each bench its commands of a form that none had before, with what was put before each."""
    seen, found = set[tuple[str, ...]](), []
    for bench in benches:
        commands, put = [], ""
        for line in bench.commands:
            put = line if " put-object " in line else put
            if _form(line) not in seen:
                seen.add(_form(line))
                commands.append((put, line))
        found.append(commands)
    return found
