"""A text of one line, for people to read."""

from typing import Annotated

from pydantic import AfterValidator, Field, StrictStr

from latchkey.text import shows


def _sentence(text: str) -> str:
    if not shows(text):
        raise ValueError("must not be blank")
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text


Sentence = Annotated[
    StrictStr,
    Field(min_length=1, max_length=256, json_schema_extra={"pattern": r"\S"}),
    AfterValidator(_sentence),
]
