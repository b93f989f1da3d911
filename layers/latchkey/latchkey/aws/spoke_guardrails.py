"""The guardrails of another account, in an SSM parameter there that the account's owner writes."""

from typing import TYPE_CHECKING

from latchkey.aws.guardrails import GuardrailsParameter
from latchkey.config.account_rules import meant_for_hubs
from latchkey.config.guardrails import Guardrails
from latchkey.errors import GuardrailsUnreadable, PermanentError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class SpokeGuardrails(GuardrailsParameter):
    """Read as the stack's own are, but that they can only take from what those allow."""

    def __init__(self, client: "SSMClient", name: str, account: str) -> None:
        super().__init__(client, name)
        self._account = account

    def read(self) -> tuple[Guardrails, str]:
        """The guardrails and the digest of their document.

        Raises
        ------
        GuardrailsUnreadable
            Naming the account, when there are none, when they may not be read, or are not valid,
            or say what only a stack's own can: then nothing is granted there.
        """
        try:
            rules, digest = super().read()
        except PermanentError as error:
            raise GuardrailsUnreadable(f"account {self._account}: {error}") from error
        if fields := meant_for_hubs(rules):
            raise GuardrailsUnreadable(
                f"account {self._account}: the guardrails in the SSM parameter {self.name} have "
                f"{', '.join(fields)}, which only the guardrails of the Latchkey stack's own "
                "account can have; nothing is granted there until they are taken out"
            )
        return rules, digest
