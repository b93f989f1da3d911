"""The `access` entries of all services, as one type for the config's schema."""

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from latchkey.services.entry import Entry
from latchkey.services.registry import NAMES, entry_class

ENTRIES: tuple[type[Entry], ...] = tuple(map(entry_class, NAMES))

if TYPE_CHECKING:
    AccessEntry = Entry
else:
    AccessEntry = Annotated[Union[ENTRIES], Field(discriminator="service")]  # noqa: UP007
