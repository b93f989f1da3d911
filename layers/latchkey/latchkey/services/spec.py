"""What everything else asks about a service: one spec for each, in `services/<name>/spec.py`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.permit import Permit
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call, possible

Conditions = Mapping[str, Mapping[str, Any]]
"""Conditions as a statement has them: operator, key, value or values."""

_WILDCARDS = {"*", "?", "$"}


class EntryFields(Frozen):
    """A resource that a policy names, as an entry would name it, with its ARN for the rules."""

    fields: Mapping[str, Any]
    arn: str


class Row(Frozen):
    """What a stored config gives access to, for people: `may` is the config's word for it."""

    service: str
    kind: str
    name: str
    part: str
    may: str


class Service(Frozen):
    """One AWS service that a config may name; a service that differs overrides a method.

    `name` is the prefix of its IAM actions and the config's word, `title` its name for people.
    `field` is the config's field that names the resource, `part` the one that narrows it.
    `actions` are IAM actions by `allow`; `also` are those of `actions` that reach no data which the
    others do not, so that an import may add them. `own` are patterns of the last part of the ARNs
    that are Latchkey's own, of any stack: no config may name them, and the boundary denies them.
    `boundary` is all that custom statements may have. `bounded_by` is the template's permissions
    boundary of the roles that have an entry of this service, where that is not the usual one; its
    `boundary` is then of that one alone, and never for `custom`. `labels` are words for what
    actions let a session do, in the order in which they are told, each with its actions without
    the prefix; `secondary` ones go only with others. `lookup` are the IAM actions of the planner's
    lookup. `changed_by` are the calls after which a resource may be gone, there again, or under
    another key, as CloudTrail names them: what `eventSource` begins with, and `eventName`.
    `resource_type` is CloudFormation's. Where entries name no resource, `unnamed` is a word for all
    that their statements on `*` are about.
    `options` are the fields of an entry that add to what is allowed, each true or false; `discover`
    is the one that adds `discovers`, the list actions that know no resource. `conditional` are
    actions that the boundary has under conditions only, and that no custom statement may have.
    `managed` are the names of AWS-managed policies, by `allow`, that are the access instead of
    statements; such an entry stands alone, or `beside` entries of some services and levels, for
    whose data the boundary has the `withheld` actions.
    Where the endpoints also answer `plain_http`, statements ask for HTTPS. `key_use` says whether
    a caller needs the use of a customer-managed key behind the resource. `example` is an entry of
    the documentation, and `example_implied` are ARNs of what its resource implies.
    """

    name: str
    title: str
    field: str
    arn: ArnForm
    actions: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    own: tuple[str, ...]
    boundary: tuple[str, ...]
    lookup: tuple[str, ...] = ()
    changed_by: tuple[str, ...] = ()
    example: Mapping[str, Any] = MappingProxyType({})
    example_implied: tuple[str, ...] = ()
    resource_type: str = ""
    also: frozenset[str] = frozenset()
    secondary: frozenset[str] = frozenset({"look up"})
    part: str = ""
    unnamed: str = ""
    options: tuple[str, ...] = ()
    discovers: tuple[str, ...] = ()
    conditional: tuple[str, ...] = ()
    plain_http: bool = False
    key_use: bool = True
    bounded_by: str = ""
    managed: Mapping[str, str] = MappingProxyType({})
    beside: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    withheld: tuple[str, ...] = ()

    @property
    def noun(self) -> str:
        """What a resource is called in sentences."""
        return self.field.replace("_", " ")

    def resource_arn(self, name: str, environment: AwsEnvironment) -> str:
        """The ARN of a resource as a config names it, as far as it is known without a lookup."""
        return self.arn.arn(self.name, name, environment)

    def describe(self, rest: str) -> str | None:
        """The last part of an ARN in words; None for what is no single resource."""
        return named_as(self.noun, self.arn.before, rest)

    def describe_permit(self, permit: Permit) -> tuple[str, Permit] | None:
        """A permit's resource in words, and the permit without the conditions in them.

        None where the words follow from the ARN alone, as of most services.
        """
        return None

    def bare(self, name: str) -> str:
        """A name as people write it, as it stands in ARNs; nothing where it cannot be one."""
        return name

    def forms(self, local: str) -> tuple[str, ...]:
        """The names that a resource may be known by, the plainest last."""
        return (local,)

    def shown(self, local: str) -> str:
        """A name that stands in an ARN, as configs write it."""
        return local

    def reach(self, local: str) -> tuple[str, ...]:
        """Patterns of what a name is asked about: the resource, and what lies within it."""
        below = self.arn.below
        if not below or local.endswith("*"):
            return (local,)
        name, _, inner = local.partition(below)
        if local.endswith(below) and self.is_folder(inner):
            return (f"{local}*",)
        whole = f"{name}{below}{inner}".removesuffix(below)
        return (whole, f"{whole}{below}*")

    def is_folder(self, inner: str) -> bool:
        """Whether a name that ends in the separator means only what is within it."""
        return bool(inner)

    def reached(self, action: str, arn: str, conditions: Conditions) -> tuple[str, ...]:
        """What an action on an ARN reaches under a statement's conditions, as patterns of ARNs."""
        return (arn,)

    def also_known(self, arn: str) -> tuple[str, ...]:
        """Other ARNs under which that which an ARN names is known, or may be."""
        return ()

    def told_of(self, action: str, arn: str) -> str:
        """A pattern of the data about whose container an action tells something, and no more."""
        return ""

    def imported(self, arn: str, rest: str) -> Iterator[EntryFields]:
        """The resources that an ARN of a hand-made policy may be about, as an entry names them."""
        name = self.arn.plain(rest)
        if rest.startswith(self.arn.before) and not set(name) & _WILDCARDS:
            yield EntryFields({self.field: name}, arn)

    def imported_unnamed(self, conditions: Conditions) -> Iterator[Mapping[str, str]]:
        """The fields of entries that a hand-made statement on `*` may be, where none is named."""
        if self.unnamed:
            yield {}

    def applies(self, action: str, arn: str) -> bool:
        """Whether an action has any effect on what an ARN names."""
        return True

    def looked_up(self, arn: str, rest: str) -> str:
        """The name to look up for a resource of a custom statement."""
        found = re.match(f"{self.arn.before}(?:{self.arn.name}){self.arn.after}", rest, re.ASCII)
        assert found  # as validated
        return arn[: len(arn) - len(rest)] + found.group()

    def rows(self, entry: Mapping[str, Any]) -> Iterator[Row]:
        """What an entry of a stored config names; it may be of an older version."""
        part = str(entry.get(self.part) or "").strip("/") if self.part else ""
        name, may = str(entry.get(self.field, "")), [str(entry.get("allow", ""))]
        may += [option.replace("_", " ") for option in self.options if entry.get(option) is True]
        yield Row(self.name, self.noun, name, f"{part}/" if part else "", ", ".join(may))

    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call | None:
        """A call by which a partner sees that an entry works; `arn` as `resource_arn` tells it."""
        return None

    def tries(self, entry: Mapping[str, Any], arn: str) -> Iterator[Call]:
        """All such calls, where one does not try all that an entry allows."""
        if call := self.try_call(entry, arn):
            yield call

    def tries_of(self, actions: Iterable[str], arn: str, rest: str) -> Iterator[Call]:
        """Calls that take no more than some actions on a resource of a custom statement."""
        yield from possible(self._imported_tries(arn, rest), self.name, actions)

    def _imported_tries(self, arn: str, rest: str) -> Iterator[Call]:
        for found in self.imported(arn, rest):
            for level in self.actions:
                yield from self.tries({**found.fields, "allow": level}, found.arn)

    def pasted(
        self, entry: Mapping[str, Any], arn: str, environment: AwsEnvironment
    ) -> Iterator[tuple[str, str]]:
        """What forms of a partner's ask for about a resource: what each is called, and its value.

        `arn` is the resource's own, with what only a lookup knows of it.
        """
        *_, name = self.forms(self.arn.plain(arn.split(":", 5)[5]))
        yield f"{self.noun} name", self.shown(name)
        yield f"{self.noun} ARN", arn


def named_as(noun: str, before: str, rest: str) -> str | None:
    """A resource of one name in words, such as `stream clicks`; None where it has a wildcard."""
    name = rest.removeprefix(before)
    plain = rest.startswith(before) and name and "*" not in name
    return f"{noun} {name}" if plain else None


def last_part(name: str) -> str:
    """The plain name at the end of an ARN, or the name itself."""
    return re.split(r"[:/]", name)[-1] if name.startswith("arn:") else name
