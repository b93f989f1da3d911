"""Runs the AWS CLI commands of a document as the CLI would, by the service models of botocore."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import jmespath
from botocore import xform_name

_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ASSIGNED = re.compile(r"(\w+)=(?:\$\((.*)\)|(.*))")
_VARIABLE = re.compile(r"\$(\w+)")


def commands(document: str) -> Iterator[str]:
    """The lines of all shell blocks of a Markdown document."""
    for block in _BLOCK.findall(document):
        yield from block.strip().splitlines()


class Shell:
    """Variables, and the commands `aws …` and `NAME=…`; anything else is an error."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client = client
        self.variables: dict[str, str] = {}

    def run(self, line: str) -> Any:
        """Run a line; answers what the command says."""
        if found := _ASSIGNED.fullmatch(line):
            name, command, text = found.groups()
            self.variables[name] = str(self._aws(command)) if command else text
            return None
        return self._aws(line)

    def _aws(self, line: str) -> Any:
        program, service, operation, *words = [self._filled(word) for word in _words(line)]
        assert program == "aws", line
        client = self._client(service.removesuffix("api"))
        name = client.meta.method_to_api_mapping[xform_name(operation.replace("-", "_"))]
        shape = client.meta.service_model.operation_model(name).input_shape
        shapes = shape.members if shape else {}
        given = dict(_options(words))
        query = given.pop("query", None)
        given.pop("output", None)
        members = {xform_name(member): member for member in shapes}
        parameters = {}
        for option, values in given.items():
            member = members[option.replace("-", "_")]
            parameters[member] = _value(shapes[member].type_name, values)
        answer = getattr(client, xform_name(name))(**parameters)
        if not query:
            return answer
        return jmespath.search(query[0], answer)  # type: ignore[no-untyped-call]

    def _filled(self, word: str) -> str:
        if word.startswith("'"):
            return word[1:-1]
        return _VARIABLE.sub(lambda found: self.variables[found[1]], _unquoted(word))


def _words(line: str) -> list[str]:
    """The words of a line with their quotes: within single ones nothing is filled in."""
    return re.findall(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\S+", line)


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word.startswith('"') else word


def _options(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each option with the words that follow it."""
    name, values = "", list[str]()
    for word in [*words, "--"]:
        if word.startswith("--"):
            if name:
                yield name, values
            name, values = word.removeprefix("--"), []
        else:
            values.append(word)


def _value(kind: str, words: list[str]) -> Any:
    """Option values as the CLI reads them, by the type of what they are for."""
    match kind:
        case "integer":
            return int(words[0])
        case "boolean":  # a flag
            return True
        case "list":
            return words
        case "structure" | "map":
            return json.loads(words[0])
        case "string":
            return words[0]
        case other:
            raise NotImplementedError(other)
