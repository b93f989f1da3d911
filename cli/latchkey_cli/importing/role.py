"""The role to import, as IAM has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from latchkey.iam.document import Document


@dataclass(frozen=True)
class ExistingRole:
    """A role with all its policies, inline and attached, by their names.

    `boundary` is the document of its permissions boundary, None if it has none, or if nobody could
    read it. `attached` are the ARNs of the attached policies, by name.
    """

    name: str
    arn: str
    trust_policy: Document
    policies: Mapping[str, Document]
    description: str = ""
    max_session_duration: int = 3600
    tags: Mapping[str, str] = field(default_factory=dict)
    boundary_arn: str | None = None
    boundary: Document | None = None
    attached: Mapping[str, str] = field(default_factory=dict)
