"""The hub's guardrails with an account more, or one less, on `allowed_accounts`."""

import json
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

import click

from latchkey.aws.error_codes import translated
from latchkey.aws.guardrails import GuardrailsVersion
from latchkey_cli.aws.stack import Stack
from latchkey_cli.spokes.known import guardrails

_FIELD = "allowed_accounts"


@dataclass(frozen=True)
class Change:
    """A change of the guardrails, from the version that it was made for."""

    stack: Stack
    name: str
    before: GuardrailsVersion
    text: str

    @classmethod
    def of(cls, stack: Stack, account: str, *, remove: bool) -> "Change":
        """The guardrails with the account, or without it.

        Raises
        ------
        ClickException
            If an account is to go in which grants are live: the stack would keep them, and could
            change none of them.
        GuardrailsUnreadable
            If the guardrails are not valid as they are.
        """
        parameter = guardrails(stack)
        before = parameter.newest()
        parameter.rules_of(before)
        document = json.loads(before.text)
        listed = [one for one in document.get(_FIELD, []) if one != account or not remove]
        live = sorted(str(one.id) for one in stack.live_grants.of_account(account))
        if remove and live:
            names = ", ".join(live[:5]) + " …" * (len(live) > 5)
            raise click.ClickException(
                f"account {account} has live grants: {names}; revoke them first, or remove their "
                "files"
            )
        if not remove and account not in listed:
            listed.append(account)
        changed = document.get(_FIELD, []) != listed
        after = document | ({_FIELD: listed} if changed else {})
        return cls(stack, parameter.name, before, _pretty(after) if changed else before.text)

    @property
    def difference(self) -> list[str]:
        """The lines that change."""
        if self.text == self.before.text:
            return []
        before, after = (
            text.splitlines() for text in (_pretty(json.loads(self.before.text)), self.text)
        )
        return [*unified_diff(before, after, self.name, "changed", lineterm="")]

    def write(self) -> int:
        """Write it, unless somebody wrote another version meanwhile; answers the new version.

        Parameter Store compares nothing as it writes, so the number that it answers is looked at:
        if it is not the next one, somebody else's version stands before this one.

        Raises
        ------
        ClickException
            Where somebody else wrote: before, so that nothing was written, or in between.
        """
        newest = guardrails(self.stack).newest()
        if newest.name != self.before.name:
            raise click.ClickException(f"{self.name} was changed meanwhile; nothing was written")
        with translated(f"write the guardrails in {self.name}"):
            written = int(
                self.stack.client("ssm").put_parameter(
                    Name=self.name,
                    Value=self.text,
                    Type="String",
                    Tier="Intelligent-Tiering",
                    Overwrite=True,
                )["Version"]
            )
        if written != self.before.number + 1:
            raise click.ClickException(
                f"somebody wrote {self.name} at the same moment: version {written} is this one, "
                f"and has nothing of version {written - 1}; compare them with "
                f"`aws ssm get-parameter-history --name {self.name}`"
            )
        return written


def _pretty(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2)
