"""Approval rules of the guardrails: what waits for a second person, and who that may be."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)

from latchkey.config.guardrail_fields import Patterns
from latchkey.iam.principal import ACCOUNT, UNIQUE_ID
from latchkey.keys import APPROVER_GROUP
from latchkey.services.registry import NAMES

MOST_GROUPS = 50
_NO_OTHERS: dict[str, JsonValue] = {"additionalProperties": False}
_UNIQUE_ID = re.compile(UNIQUE_ID, re.ASCII)


def _unique_id(text: str) -> str:
    if _UNIQUE_ID.fullmatch(text):
        return text
    what = "an ARN" if text.startswith("arn:") else "no unique ID of a role or a user"
    raise ValueError(
        f"{text} is {what}; write its unique ID (AROA… or AIDA…), which `latchkey group-id NAME` "
        "prints: a name may be another's one day, a unique ID never is"
    )


UniqueId = Annotated[
    StrictStr,
    Field(json_schema_extra={"pattern": f"^{UNIQUE_ID}$"}),
    AfterValidator(_unique_id),
]
GroupName = Annotated[StrictStr, Field(pattern=f"^{APPROVER_GROUP}$")]
_Model = ConfigDict(extra="forbid", frozen=True)


class ApproverGroup(BaseModel):
    """People who may approve: by the unique IDs of the roles or users that they sign in as."""

    model_config = _Model

    members: Annotated[
        list[UniqueId],
        Field(
            min_length=1,
            max_length=100,
            description="Unique IDs of roles (`AROA…`) and users (`AIDA…`); `latchkey group-id` "
            "prints them. Each counts once, whatever its sessions are called.",
        ),
    ]
    identity_center: Annotated[
        StrictBool,
        Field(
            description="`true`: the members are roles of IAM Identity Center, which names each "
            "session after its person; people then count by session name."
        ),
    ] = False


class When(BaseModel):
    """What a rule is about: a grant for which all of these hold."""

    model_config = _Model

    services: Annotated[
        list[Annotated[StrictStr, Field(json_schema_extra={"enum": list(NAMES)})]] | None,
        Field(
            min_length=1,
            description="An entry is of one of these services, or reaches something of one, as "
            "`custom` statements do, and workgroups of Athena their results; keys that are used "
            "through another service do not count.",
        ),
    ] = None
    resources: Annotated[
        Patterns | None,
        Field(
            min_length=1,
            description="ARN patterns (`*`, `?`): an entry reaches something that matches one, as "
            "for `denied_resources`.",
        ),
    ] = None
    accounts: Annotated[
        list[Annotated[StrictStr, Field(pattern=f"^{ACCOUNT}$")]] | None,
        Field(min_length=1, description="The role is in one of these accounts."),
    ] = None
    days: Annotated[
        StrictInt | None,
        Field(
            ge=0,
            le=36_500,
            description="Access lasts longer than so many days in all, from when the grant began "
            "(or will, or now), or has no fixed end. Prolonging alone waits only by rules with "
            "`days`.",
        ),
    ] = None
    widening: Annotated[
        Literal[True] | None,
        Field(description="`true`: whatever gives more access than before, and every new grant."),
    ] = None

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if all(value is None for value in vars(self).values()):
            raise ValueError('says nothing; for all that gives access write {"widening": true}')
        return self


class ApprovalRule(BaseModel):
    """Who has to approve what; of several rules that apply, each has to be kept."""

    model_config = _Model

    when: Annotated[When, Field(description="What the rule is about; all of it has to hold.")]
    groups: Annotated[
        dict[GroupName, Annotated[StrictInt, Field(ge=1, le=10)]],
        Field(
            min_length=1,
            max_length=MOST_GROUPS,
            json_schema_extra=_NO_OTHERS,
            description="How many people of each group have to approve. One person counts once, "
            "also where several groups have to.",
        ),
    ]
    valid_for_hours: Annotated[
        StrictInt,
        Field(ge=1, le=8_760, description="How long an approval counts, from when it was given."),
    ] = 168


class Approval(BaseModel):
    """The groups of those who approve, and the rules that ask for them."""

    model_config = _Model

    groups: Annotated[
        dict[GroupName, ApproverGroup],
        Field(
            min_length=1,
            max_length=MOST_GROUPS,
            json_schema_extra=_NO_OTHERS,
            description="Groups by their names.",
        ),
    ]
    rules: Annotated[
        list[ApprovalRule],
        Field(min_length=1, max_length=50, description="What has to be approved, and by whom."),
    ]

    @model_validator(mode="after")
    def _can_be_kept(self) -> Self:
        if problems := list(_problems(self)):
            raise ValueError("; ".join(problems))
        return self


ApprovalRules = Annotated[
    Approval | None,
    Field(
        description="What waits for a second person, and who that may be: `groups` and `rules` "
        "([below](#approval)); nothing waits if omitted."
    ),
]


def _problems(approval: Approval) -> Iterator[str]:
    """What nobody could ever keep, or would count one person twice."""
    for number, rule in enumerate(approval.rules):
        unknown = sorted(rule.groups.keys() - approval.groups.keys())
        if unknown:
            known = ", ".join(sorted(approval.groups))
            yield f"rules/{number}/groups: there is no group {unknown[0]}; there are: {known}"
            continue
        yield from (f"rules/{number}/groups: {text}" for text in _too_few(rule, approval.groups))
    yield from _two_kinds(approval.groups)


def _too_few(rule: ApprovalRule, groups: Mapping[str, ApproverGroup]) -> Iterator[str]:
    """Roles of Identity Center stand for any number of people; every other member for one."""
    counted = {
        name: groups[name].members for name in rule.groups if not groups[name].identity_center
    }
    for name, members in counted.items():
        number, there = rule.groups[name], len({*members})
        if number > there:
            yield f"{name} has {there} members, and {number} of them cannot approve"
            return
    if not enough({name: rule.groups[name] for name in counted}, counted):
        yield "the groups share members, and one person counts once: add members"


def _two_kinds(groups: Mapping[str, ApproverGroup]) -> Iterator[str]:
    named = (group.members for group in groups.values() if group.identity_center)
    by_session = {one for members in named for one in members}
    for name, group in groups.items():
        both = sorted(by_session & {*group.members})
        if both and not group.identity_center:
            yield (
                f"groups/{name}: {both[0]} is a member of a group with `identity_center` too, and "
                "could count twice; mark both groups alike"
            )


def enough(needed: Mapping[str, int], people: Mapping[str, Iterable[str]]) -> bool:
    """Whether so many people of each group can be found, each of whom counts for one group only.

    `people` are those of each group. One who is in several counts where that helps most.
    """
    places = [name for name, number in needed.items() for _ in range(number)]
    of_group = {name: sorted({*found}) for name, found in people.items()}
    taken: dict[str, int] = {}

    def seated(place: int, asked: set[str]) -> bool:
        for person in of_group.get(places[place], ()):
            if person not in asked:
                asked.add(person)
                if person not in taken or seated(taken[person], asked):
                    taken[person] = place
                    return True
        return False

    return all(seated(place, set()) for place in range(len(places)))


def named_groups(rules: Sequence[ApprovalRule]) -> dict[str, int]:
    """How many people of each group several rules ask for together: of each, the most."""
    needed: dict[str, int] = {}
    for rule in rules:
        for name, number in rule.groups.items():
            needed[name] = max(number, needed.get(name, 0))
    return dict(sorted(needed.items()))
