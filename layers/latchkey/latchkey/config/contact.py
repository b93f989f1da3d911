"""Where a grant's owner can be reached: an e-mail address, or a URL of the web."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StrictStr

LONGEST = 256
"""Characters of a contact; an address has 254 at most (RFC 5321, 4.5.3.1.3)."""

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOSTS = rf"{_HOST}(?:\.{_HOST})*"
_ADDRESS = rf"[A-Za-z0-9.!#$%&'*+/=?^_{{|}}~-]{{1,64}}@{_HOST}(?:\.{_HOST})+"
_URL = rf"https?://{_HOSTS}(?::[0-9]{{1,5}})?(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?"
_CONTACT = re.compile(f"{_ADDRESS}|{_URL}", re.ASCII)


def _contact(text: str) -> str:
    """The contact, if a reader can write to it or open it as it stands.

    A URL has no user or password: people read what stands before an `@` as the host.
    """
    if not _CONTACT.fullmatch(text):
        raise ValueError(
            "write an e-mail address like team@example.com, or a URL like "
            f"https://example.com/team; {LONGEST} characters at most, without spaces"
        )
    return text


Contact = Annotated[
    StrictStr,
    Field(max_length=LONGEST, json_schema_extra={"pattern": f"^(?:{_CONTACT.pattern})$"}),
    AfterValidator(_contact),
]
