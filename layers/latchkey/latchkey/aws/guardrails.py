"""The guardrails document, in an SSM parameter that security owns."""

import hashlib
from typing import TYPE_CHECKING

from latchkey.aws.error_codes import translated
from latchkey.config.guardrails import Guardrails, GuardrailsInvalid, read_guardrails
from latchkey.errors import GuardrailsUnreadable

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class GuardrailsParameter:
    """Reads the guardrails anew each time, so that a change holds from the next plan on."""

    def __init__(self, client: "SSMClient", name: str) -> None:
        self._ssm = client
        self._name = name

    def read(self) -> tuple[Guardrails, str]:
        """The guardrails and the digest of their document (12 hexadecimal digits).

        The number of the parameter's version would not do: a parameter that is deleted and made
        anew begins at 1 again, and so does another parameter.

        Raises
        ------
        GuardrailsUnreadable
            When the document is not valid: then nothing is granted, rather than too much.
        """
        with translated(f"read the guardrails in {self._name}"):
            parameter = self._ssm.get_parameter(Name=self._name)["Parameter"]
        try:
            return read_guardrails(parameter["Value"]), _digest(parameter["Value"])
        except GuardrailsInvalid as invalid:
            raise GuardrailsUnreadable(
                f"the guardrails in the SSM parameter {self._name} are not valid, so nothing is "
                f"granted until they are mended: {invalid}"
            ) from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
