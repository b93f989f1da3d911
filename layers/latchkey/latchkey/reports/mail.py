"""Messages: e-mails of plain text, in which a text from outside makes no line of its own."""

from collections.abc import Iterable, Mapping

from latchkey.frozen import Frozen
from latchkey.text import one_line

LONGEST_SUBJECT = 99
"""Characters: SNS takes "less than 100 characters", "no line breaks or control characters" (SNS API
reference, Publish, `Subject`). It takes UTF-8; ASCII is what every mail program shows as it is."""


class Notice(Frozen):
    """A message: its subject, its text, and what subscribers filter by. `mail` makes it."""

    subject: str
    text: str
    attributes: Mapping[str, str]


def mail(title: str, lines: Iterable[str], attributes: Mapping[str, str | None]) -> Notice:
    """A message of lines: whatever stands in one of them makes none of its own.

    Attributes without a value are left out.
    """
    return Notice(
        subject=subject(title),
        text="".join(f"{_line(line)}\n" for line in lines),
        attributes={name: _line(value) for name, value in attributes.items() if value},
    )


def subject(text: str) -> str:
    """A subject that SNS takes: what is not ASCII becomes `?`, what is too long is cut."""
    whole = f"Latchkey: {_line(text).encode('ascii', 'replace').decode()}"
    return whole if len(whole) <= LONGEST_SUBJECT else f"{whole[: LONGEST_SUBJECT - 3]}..."


def _line(text: str) -> str:
    return " ".join(one_line(text).split())
