"""Questions and answers that make a new config; each answer is checked before the next question."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from latchkey_cli.config_files.draft import entry_of, problem_with, usual_end
from latchkey_cli.config_files.ends import NOWHERE, end_of
from latchkey_cli.output.terminal import ask, say

if TYPE_CHECKING:
    from latchkey_cli.config_files.existing_names import ExistingNames

Read: TypeAlias = Callable[[str], Any]

_GENERATED = "-generated-"
_ENTRY = "SERVICE:RESOURCE:ALLOW, such as s3:reports/in:read-write or secretsmanager:acme/api:read"


class Interview:
    """Asks for what the options did not say; `names` knows what there is, where AWS answers.

    `accounts` are those beside the stack's own in which it may grant.
    """

    def __init__(
        self,
        given: dict[str, Any],
        names: "ExistingNames",
        now: datetime,
        accounts: Sequence[str] = (),
    ) -> None:
        self.answers = given
        self._accounts = accounts
        self._names = names
        self._now = now

    def hold(self) -> dict[str, Any]:
        """The answers to all questions."""
        self._ask("partner", "Partner's name", None)
        self._ask("grant", "Grant's name", "main")
        if self._accounts and not self.answers.get("account"):
            self._account()
        self._ask("purpose", "Why access is needed", None)
        self._ask("owner", "Team that answers for it", None)
        self._ask("principals", "Partner's accounts, roles or users (with commas)", None, _listed)
        if not self.answers.get("generate_external_id"):
            self._external_id()
        self._ask("expires_at", "End (a time, a date, or 90d)", usual_end(self._now), self._end)
        self._access()
        return self.answers

    def _ask(self, name: str, question: str, usual: str | None, read: Read = str) -> None:
        while self.answers.get(name) in (None, [], ""):
            text = ask(question, usual).strip()
            try:
                value = read(text)
                fault = problem_with(name, value, NOWHERE, self._now)
            except (ValueError, click.UsageError) as error:
                fault = str(error)
            if fault:
                say(f"  {fault}", err=True)
            else:
                self.answers[name] = value

    def _account(self) -> None:
        listed = ", ".join(self._accounts)
        question = f"Account to grant in ({listed}; Enter for the stack's own)"
        while (text := ask(question, "").strip()) and text not in self._accounts:
            say(f"  the guardrails allow the stack's own account, and {listed}", err=True)
        self.answers["account"] = text or None

    def _external_id(self) -> None:
        self._ask("external_id", "External ID from the partner (- generates one)", None, _id)
        if self.answers["external_id"] == _GENERATED:
            self.answers |= {"external_id": None, "generate_external_id": True}

    def _end(self, text: str) -> str:
        from latchkey.config.near_times import period

        return str(end_of(None, text, self._now) if period(text) else end_of(text, None, self._now))

    def _access(self) -> None:
        entries = self.answers.setdefault("access", [])
        if entries:
            return
        say(f"Access: {_ENTRY}", err=True)
        while text := ask(
            "Access (Enter when done)" if entries else "Access", "" if entries else None
        ):
            try:
                entries.append(self._entry(text))
            except ValueError as error:
                say(f"  {error}", err=True)

    def _entry(self, text: str) -> dict[str, Any]:
        """The entry that an answer says.

        Raises
        ------
        ValueError
            With what is wrong with it, or that there is no such resource.
        """
        entry = entry_of(text)
        fault = problem_with("access", [entry], NOWHERE, self._now)
        if not fault and not self.answers.get("account"):
            fault = next(iter(self._names.missing(entry)), None)
        if fault:
            raise ValueError(fault)
        return entry


def _id(text: str) -> str:
    return _GENERATED if text == "-" else text


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
