"""How configs name resources: by a name that is one name only, or by the full ARN."""

import re
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from latchkey.frozen import Frozen
from latchkey.iam.arn import PARTITION
from latchkey.services.spec import Service

_REGION = rf"arn:{PARTITION}" r":{service}:[a-z]{{2,4}}(?:-[a-z]+)+-[0-9]:"
_ACCOUNT = "[0-9]{12}:"


class Named(Frozen):
    """A resource as an entry names it: where in the entry, of which service, and how."""

    path: tuple[str | int, ...]
    service: str
    name: str


class ResourceName(Frozen):
    """The form of a field that names a resource of a service, as an annotation of that field.

    There are no wildcards in either form: a config grants what it names, and nothing whose name
    begins with it.
    """

    service: Service

    @property
    def pattern(self) -> str:
        """The pattern of both forms."""
        form = self.service.arn
        kinds = f"(?:{'|'.join((form.before, *form.kinds))})" if form.kinds else form.before
        place = f"{_ACCOUNT}{kinds}"
        if form.of_aws:
            place = f"(?:{place}|:{form.of_aws})"
        arn = _REGION.format(service=self.service.name) + place
        return f"^(?:{form.name}|{arn}(?:{form.name}){form.after})$"

    def check(self, text: str) -> str:
        """The text, if it names a resource.

        Raises
        ------
        ValueError
            With a sentence for the config's author.
        """
        if re.fullmatch(self.pattern.removeprefix("^").removesuffix("$"), text, re.ASCII):
            return text
        raise ValueError(
            f"not a {self.service.noun}: write its name ({self.service.arn.hint}) or its full ARN; "
            "wildcards are not allowed"
        )

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(core), "pattern": self.pattern}
