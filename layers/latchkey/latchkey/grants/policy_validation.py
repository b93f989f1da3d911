"""Proof: what to ask AWS about a role, and what its answers mean."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from latchkey.frozen import Frozen
from latchkey.grants.simulation_context import NOW, concrete, fulfilling
from latchkey.iam.document import Document
from latchkey.iam.values import texts

Result = Literal["passed", "findings", "failed", "not available here", "not available"]
_REFUSING = {"ERROR", "SECURITY_WARNING"}


class Check(Frozen):
    """One check of a role: what was looked at, how it came out, and what to know about it."""

    check: str
    result: Result
    details: tuple[str, ...] = ()


class Finding(Frozen):
    """What IAM Access Analyzer says of a policy; `kind` is its type, such as `SUGGESTION`."""

    kind: str
    text: str

    @property
    def refuses(self) -> bool:
        """Whether a policy with this finding must not be written."""
        return self.kind in _REFUSING

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class Simulation(Frozen):
    """A question for the policy simulator: these actions on these resources, in this context.

    `context` maps condition keys to a type of the simulator and a value.
    """

    statement: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: Mapping[str, tuple[str, str]]


def simulations(document: Document, now: datetime, region: str) -> Iterator[Simulation]:
    """One simulation per Allow statement, in a Region, at a time when the grant has begun.

    A policy that somebody took something out of may have others than Latchkey's.
    """
    for statement in document["Statement"]:
        if _is_ours(statement):
            yield Simulation(
                statement["Sid"],
                tuple(texts(statement["Action"])),
                tuple(concrete(resource) for resource in texts(statement["Resource"])),
                fulfilling(statement.get("Condition", {}), now, region),
            )


def after_expiry(simulation: Simulation, document: Document) -> Simulation:
    """The same question at the very moment of expiry."""
    allows = filter(_is_ours, document["Statement"])
    ends = {s["Sid"]: s["Condition"]["DateLessThan"][NOW] for s in allows}
    over = {**simulation.context, NOW: ("date", ends[simulation.statement])}
    return Simulation(simulation.statement, simulation.actions, simulation.resources, over)


def judged(check: str, findings: Iterable[Finding | str]) -> Check:
    """The check that came to these findings; none of them means that it passed."""
    found = list(findings)
    if not found:
        return Check(check, "passed")
    refused = any(isinstance(finding, Finding) and finding.refuses for finding in found)
    return Check(check, "failed" if refused else "findings", tuple(map(str, found)))


def _is_ours(statement: Mapping[str, Any]) -> bool:
    named = str(statement.get("Sid")).startswith("Access") and statement["Effect"] == "Allow"
    whole = {"Action", "Resource", "Condition"} <= statement.keys()
    return named and whole and NOW in statement["Condition"].get("DateLessThan", {})
