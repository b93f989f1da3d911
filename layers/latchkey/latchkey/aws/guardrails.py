"""The guardrails document, in an SSM parameter that security owns."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from latchkey.aws.error_codes import translated
from latchkey.config.guardrails import Guardrails, GuardrailsInvalid, read_guardrails
from latchkey.errors import GuardrailsUnreadable
from latchkey.frozen import Frozen

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class GuardrailsVersion(Frozen):
    """One version of the document as it was written, valid or not.

    Numbers begin at 1 again in a parameter that is deleted and made anew; `written_at`, an ISO
    time, tells them apart. `by` is the ARN of who wrote it, which only the list of versions has.
    """

    text: str
    number: int
    written_at: str
    by: str | None = None

    @property
    def name(self) -> str:
        """What no other version is called, of this parameter or of one made anew."""
        return f"{self.number} {self.written_at}"

    @property
    def digest(self) -> str:
        """12 hexadecimal digits of the document."""
        return _digest(self.text)


class GuardrailsParameter:
    """Reads the guardrails anew each time, so that a change holds from the next plan on."""

    def __init__(self, client: "SSMClient", name: str) -> None:
        self._ssm = client
        self.name = name

    def read(self) -> tuple[Guardrails, str]:
        """The guardrails and the digest of their document (12 hexadecimal digits).

        The number of the parameter's version would not do: a parameter that is deleted and made
        anew begins at 1 again, and so does another parameter.

        Raises
        ------
        GuardrailsUnreadable
            When the document is not valid: then nothing is granted, rather than too much.
        """
        newest = self.newest()
        return self.rules_of(newest), newest.digest

    def newest(self) -> GuardrailsVersion:
        """The newest version, whatever it says.

        Raises
        ------
        GuardrailsUnreadable
            When there is no such parameter.
        """
        with translated(f"read the guardrails in {self.name}"):
            found = self._ssm.get_parameter(Name=self.name)["Parameter"]
        return GuardrailsVersion(
            found["Value"], found["Version"], found["LastModifiedDate"].isoformat()
        )

    def rules_of(self, version: GuardrailsVersion) -> Guardrails:
        """What a version says.

        Raises
        ------
        GuardrailsUnreadable
            When it is not valid.
        """
        try:
            return read_guardrails(version.text)
        except GuardrailsInvalid as invalid:
            raise GuardrailsUnreadable(
                f"the guardrails in the SSM parameter {self.name} are not valid, so nothing is "
                f"granted until they are mended: {invalid}"
            ) from None

    def versions(self) -> Iterator[GuardrailsVersion]:
        """All versions that are kept, the oldest first.

        Parameter Store keeps the newest 100 (Systems Manager user guide, "Working with parameter
        versions in Parameter Store").
        """
        pages = self._ssm.get_paginator("get_parameter_history")
        with translated(f"read the earlier versions of {self.name}"):
            for page in pages.paginate(Name=self.name):
                for one in page["Parameters"]:
                    at = one["LastModifiedDate"].isoformat()
                    by = one.get("LastModifiedUser")
                    yield GuardrailsVersion(one["Value"], one["Version"], at, by)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
