"""What several functions are built from; imports are inside, so that each loads what it needs."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from latchkey.newer_python import replace
from latchkey.runtime.clients import client
from latchkey.runtime.cold_start import ready
from latchkey.runtime.settings import DriftSettings, GrantSettings, PlanSettings, RevokeSettings

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

    from latchkey.aws.chat_topic import ChatTopic
    from latchkey.aws.event_bus import EventBus
    from latchkey.aws.notices_topic import NoticesTopic
    from latchkey.aws.security_log import SecurityLog
    from latchkey.aws.spoke_sessions import SpokeSessions
    from latchkey.aws.table import Table
    from latchkey.aws.workflow import Workflow
    from latchkey.grants.place import RolePlace
    from latchkey.grants.role import RoleNaming
    from latchkey.iam.environment import AwsEnvironment
    from latchkey.runtime.accounts import Accounts, Clients
    from latchkey.workflow.run_data import RunData


_T = TypeVar("_T")


def built_once(builder: Callable[[], _T]) -> "_lru_cache_wrapper[_T]":
    """Build the object that a function runs, on first use; the function is ready then."""

    @cache
    def built() -> _T:
        made = builder()
        ready()
        return made

    return built


def naming(settings: PlanSettings | DriftSettings) -> "RoleNaming":
    """What the roles of the stack have in common."""
    from latchkey.grants.role import RoleNaming

    return RoleNaming(
        settings.stack_name,
        settings.role_path,
        settings.role_name_prefix,
        settings.permissions_boundary_arn,
        _boundaries(settings),
    )


def _boundaries(settings: PlanSettings | DriftSettings) -> dict[str, str]:
    """The permissions boundaries beside the usual one, by their kind of access."""
    ending = "_boundary_arn"
    found = {
        name.removesuffix(ending): arn for name, arn in vars(settings).items() if ending in name
    }
    return {kind: arn for kind, arn in found.items() if kind != "permissions"}


def clients_for_role(
    settings: GrantSettings | RevokeSettings,
) -> "Callable[[RolePlace, str], Clients]":
    """What gives the clients for a role and a run: in another account, they reach that role only.

    They are the function's own in its own account, and else all of one session.
    """
    from latchkey.iam.environment import AwsEnvironment

    home = AwsEnvironment(settings.partition, settings.aws_region, settings.account_id)
    its = accounts(home, settings.stack_name, settings.spoke_role)

    def clients(place: "RolePlace", run: str) -> "Clients":
        there = replace(home.of_account(place.account), partition=place.partition)
        if not there.home:
            return its.clients(there, run)
        from latchkey.iam.spoke import SpokeRole, session_policy

        policy = session_policy(SpokeRole(settings.spoke_role), there, place.name)
        return its.clients(there, run, policy)

    return clients


def accounts(home: "AwsEnvironment", stack: str, spoke_role: str) -> "Accounts":
    """The clients of the function's own account, and of others by its role there."""
    from latchkey.runtime.accounts import Accounts
    from latchkey.runtime.clients import client_of

    def sessions() -> "SpokeSessions":
        from latchkey.aws.spoke_sessions import SpokeSessions
        from latchkey.iam.spoke import SpokeRole

        return SpokeSessions(client("sts"), stack, SpokeRole(spoke_role))

    return Accounts(home, client, sessions, client_of)


def workflow(arn: str) -> "Workflow":
    """The workflow of an ARN."""
    from latchkey.aws.workflow import Workflow

    return Workflow(client("stepfunctions"), arn)


def bus(name: str) -> "EventBus":
    """The event bus of a name."""
    from latchkey.aws.event_bus import EventBus

    return EventBus(client("events"), name)


def topic(arn: str) -> "NoticesTopic":
    """The topic of an ARN."""
    from latchkey.aws.notices_topic import NoticesTopic

    return NoticesTopic(client("sns"), arn)


def chat(arn: str, failed: Callable[[Exception], object]) -> "ChatTopic | None":
    """The topic for chats of an ARN, None where there is none."""
    from latchkey.aws.chat_topic import ChatTopic

    return ChatTopic(client("sns"), arn, failed) if arn else None


def facts(bucket: str) -> "SecurityLog | None":
    """What writes facts for security tools to a bucket, None where there is none."""
    from latchkey.aws.security_log import SecurityLog

    return SecurityLog(client("s3"), bucket) if bucket else None


def table(name: str) -> "Table":
    """The table of a name."""
    from latchkey.aws.table import Table

    return Table(client("dynamodb"), name)


def run_data(table: "Table") -> "RunData":
    """What the steps of runs hand on through a table."""
    from latchkey.aws.run_documents import RunDocuments
    from latchkey.workflow.run_data import RunData

    return RunData(RunDocuments(table))
