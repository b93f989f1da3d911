"""What is found of a trust policy."""

from dataclasses import dataclass, field
from typing import Any

from latchkey_cli.importing.note import Note


@dataclass
class TrustFields:
    """The fields of a config about principals and conditions, and notes about the rest."""

    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def lose(self, text: str) -> None:
        """Add a note about a principal that the config drops."""
        self.notes.append(Note("lost", text))
