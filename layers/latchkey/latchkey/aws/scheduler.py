"""EventBridge Scheduler: one one-time schedule per grant that expires."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.errors import PlanStale
from latchkey.grant_id import GrantId
from latchkey.grants.change import DeleteSchedule, PutSchedule, ScheduleChange
from latchkey.grants.record import BY_SCHEDULE

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_scheduler.type_defs import CreateScheduleInputTypeDef


_FIRES: Final = "ENABLED"


class ScheduleGateway:
    """The schedules of one group, all of which start the grant workflow.

    `workflow_arn` and `role_arn` are only needed to put schedules. A schedule is never state: it
    says no more than "look at this grant again" (docs/expiry.md, "Renewal").
    """

    def __init__(
        self,
        client: "EventBridgeSchedulerClient",
        group: str,
        workflow_arn: str = "",
        role_arn: str = "",
    ) -> None:
        self._scheduler = client
        self._group = group
        self._workflow_arn = workflow_arn
        self._role_arn = role_arn

    def observe(self, name: str) -> str | None:
        """The time that the schedule fires (`YYYY-MM-DDTHH:MM:SSZ`); None if it does not."""
        with translated(f"read schedule {name}"):
            try:
                found = self._scheduler.get_schedule(Name=name, GroupName=self._group)
            except ClientError as error:
                if error_code(error) == "ResourceNotFoundException":
                    return None
                raise
        if found["State"] != _FIRES:
            return None
        expression = found["ScheduleExpression"]
        return expression.removeprefix("at(").removesuffix(")") + "Z"

    def names(self) -> Iterator[str]:
        """The names of all schedules of the group that will fire; a call per page of a hundred."""
        pages = self._scheduler.get_paginator("list_schedules").paginate(
            GroupName=self._group, State=_FIRES, PaginationConfig={"PageSize": 100}
        )
        with translated(f"list schedules of {self._group}"):
            for page in pages:
                yield from (schedule["Name"] for schedule in page["Schedules"])

    def apply(self, change: ScheduleChange) -> None:
        """Put a schedule, whether it exists or not, or delete it, if it exists."""
        with translated(f"{type(change).__name__} {change.schedule}"):
            match change:
                case PutSchedule():
                    self._put(change)
                case DeleteSchedule(schedule=name):
                    self._delete(name)

    def _put(self, change: PutSchedule) -> None:
        schedule = self._definition(change)
        try:
            self._scheduler.create_schedule(**schedule)
        except ClientError as error:
            if error_code(error) != "ConflictException":
                raise
            self._update(schedule)

    def _update(self, schedule: "CreateScheduleInputTypeDef") -> None:
        try:
            self._scheduler.update_schedule(**schedule)
        except ClientError as error:
            if error_code(error) != "ResourceNotFoundException":
                raise
            raise PlanStale(f"the schedule {schedule['Name']} has just fired") from None

    def _definition(self, change: PutSchedule) -> "CreateScheduleInputTypeDef":
        grant = GrantId.parse(change.schedule)
        assert grant  # schedules are named after grants
        wake = {"action": "check", **grant.document(), "reason": BY_SCHEDULE, "by": "schedule"}
        return {
            "Name": change.schedule,
            "GroupName": self._group,
            "ScheduleExpression": f"at({change.at.removesuffix('Z')})",
            "ScheduleExpressionTimezone": "UTC",
            "State": _FIRES,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": self._workflow_arn,
                "RoleArn": self._role_arn,
                "Input": json.dumps(wake),
            },
        }

    def _delete(self, name: str) -> None:
        try:
            self._scheduler.delete_schedule(Name=name, GroupName=self._group)
        except ClientError as error:
            if error_code(error) != "ResourceNotFoundException":
                raise
