"""State machines: by the list of their names and ARNs, which has no definitions in it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import Clients, Found, Lookup, found
from latchkey.services.states.spec import SPEC

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import StateMachineListItemTypeDef


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    arn = SPEC.resource_arn(name, environment)
    there = any(machine["stateMachineArn"] == arn for machine in _all(clients))
    return found(arn) if there else None


def _names(clients: Clients) -> Iterator[str]:
    return (machine["name"] for machine in _all(clients))


def _all(clients: Clients) -> "Iterator[StateMachineListItemTypeDef]":
    states: SFNClient = clients("stepfunctions")
    pages = states.get_paginator("list_state_machines")
    for page in pages.paginate(PaginationConfig={"PageSize": 1_000}):
        yield from page["stateMachines"]


LOOKUP = Lookup(SPEC.noun, _find, _names)
