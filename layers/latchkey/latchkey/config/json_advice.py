"""What to write instead of what is no JSON, by where the reader of JSON stopped."""

import re
from collections.abc import Mapping

from latchkey.frozen import Frozen

_FIRST_KEY = re.compile(
    r"(?:---[^\n]*\n|#[^\n]*\n|\s)*[\"']?([A-Za-z_$][\w-]*)[\"']?\s*(:|=)(?!//)"
)
_CURLY = "“”„‟‘’‚«»"
_LITERALS: Mapping[str, str] = {
    "true": "true",
    "false": "false",
    "none": "null",
    "null": "null",
    "nil": "null",
    "undefined": "null",
    "yes": "true",
    "no": "false",
}
_WORD = re.compile(r"[A-Za-z_$][\w$.-]*")
_NUMBER = re.compile(r"[+.0-9][0-9A-Fa-fx._+-]*")
_SHOWN = 40


class _Stop(Frozen):
    """Where the reader of JSON stopped: the text, the offset of what it could not take, and why."""

    text: str
    at: int
    message: str

    def before(self, *starts: str) -> bool:
        """Whether what comes there begins with one of these."""
        return self.text.startswith(starts, self.at)

    def because(self, *messages: str) -> bool:
        """Whether the reader's message begins with one of these."""
        return self.message.startswith(messages)


def advice(text: str, at: int, message: str) -> str:
    """What is wrong at an offset of a text, and what to write there.

    `at` and `message` are those of `json.JSONDecodeError`. Values of the text are not quoted, since
    one may be an external ID.
    """
    if at == len(text) - len(text.lstrip()) and (other := _other_format(text)):
        return other
    stop = _Stop(text, _past_blanks(text, at), message)
    for known in (_comment, _comma, _quotes, _word, _number, _in_string, _ending):
        if found := known(stop):
            return found
    return _PLAIN.get(message, message)


_PLAIN: Mapping[str, str] = {
    "Expecting ',' delimiter": "a comma is missing here; write , between two fields or items",
    "Expecting ':' delimiter": 'a colon is missing here; write "name": value',
    "Expecting value": "a value is missing here; write a text in double quotes, a number, true, "
    "false, null, [ ] or { }",
    "Expecting property name enclosed in double quotes": "a field's name is missing here; write it "
    "in double quotes",
    "Extra data": "the document ends before this; one file holds one config, so take it out, or "
    "put it into a file of its own",
}


def _other_format(text: str) -> str | None:
    first = text.lstrip()[:1]
    if first == "<":
        return 'this is XML or HTML; write a JSON object: {"version": 1, …}'
    found = _FIRST_KEY.match(text)
    if first in "{[\"'" or not found or text.lstrip().startswith(("//", "/*")):
        return None
    kind = "YAML" if found[2] == ":" else "TOML or HCL"
    key = found[1][:_SHOWN]
    return f'this is {kind}; write a JSON object, with names and texts in quotes: {{"{key}": …}}'


def _past_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _comment(stop: _Stop) -> str | None:
    if stop.before("//", "/*", "#"):
        return "JSON has no comments; take this one out, and write what it says into `purpose`"
    return None


def _comma(stop: _Stop) -> str | None:
    if stop.because("Illegal trailing comma"):
        return "a comma stands before the closing bracket; take it out"
    return "a comma too many; take it out" if stop.before(",") else None


def _quotes(stop: _Stop) -> str | None:
    character = stop.text[stop.at : stop.at + 1]
    if character and character in "'`" + _CURLY:
        return f'texts and names stand in double quotes; write " instead of {character}'
    return None


def _word(stop: _Stop) -> str | None:
    word = _WORD.match(stop.text, stop.at)
    if word and stop.because("Expecting property name"):
        return f'a name stands in double quotes; write "{word[0][:_SHOWN]}"'
    if word and stop.because("Expecting value"):
        literal = _LITERALS.get(word[0].lower())
        quotes = "a text stands in double quotes; write them around it"
        return f"write {literal}, in small letters" if literal else quotes
    return None


def _number(stop: _Stop) -> str | None:
    before, digit = stop.text[stop.at - 1 : stop.at], stop.text[stop.at : stop.at + 1]
    if stop.because("Expecting ',' delimiter") and before == "0" and digit.isdigit():
        return "a number does not begin with 0; write an account ID in double quotes"
    if stop.because("Expecting value") and _NUMBER.match(stop.text, stop.at):
        return "no number as JSON has them; write digits only, or a text in double quotes"
    return None


def _in_string(stop: _Stop) -> str | None:
    if stop.because("Invalid control character"):
        return 'a text is one line; write a closing " where it ends, or take the line break out'
    if stop.because("Invalid \\u"):
        return r"\u stands before four hexadecimal digits; a \ in a text is written \\"
    return r"a \ in a text is written \\" if stop.because("Invalid \\") else None


def _ending(stop: _Stop) -> str | None:
    if stop.because("Unterminated string"):
        return 'the text that begins here does not end; write the closing "'
    if stop.at >= len(stop.text) and not stop.because("Extra data"):
        return "the file ends too early; write what is missing, and close every { and ["
    return None
