"""The name of a grant."""

import re
from typing import Self

from latchkey.frozen import Ordered

SLUG = r"[a-z][a-z0-9-]{1,21}"
"""Partner and grant names; at most 22 characters, so that role names stay within IAM's 64."""

_SLUG = re.compile(SLUG, re.ASCII)


class GrantId(Ordered):
    """The name of a grant: `<partner>.<grant>`, unique within a stack."""

    partner: str
    grant: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The grant in `<partner>.<grant>`; None for a text that names none."""
        partner, _, grant = text.partition(".")
        return cls.named(partner, grant)

    @classmethod
    def named(cls, partner: object, grant: object) -> Self | None:
        """The grant of two names of any origin; None where one of them is no slug."""
        if not (isinstance(partner, str) and isinstance(grant, str)):
            return None
        slugs = _SLUG.fullmatch(partner) and _SLUG.fullmatch(grant)
        return cls(partner, grant) if slugs else None

    def __str__(self) -> str:
        return f"{self.partner}.{self.grant}"
