"""What attacks are made on, and by whom: grants of their own in one sandbox, and sessions."""

import itertools
import json
from collections.abc import Callable
from typing import Any

from sandbox import Sandbox
from sandbox.connection import connect
from sandbox.demo.looks import Looks
from sandbox.demo.people import Session, refusal, role_in
from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT, PARTNER_ACCOUNT
from tests.kit.outside import Outside
from tests.kit.spoke_account import SpokeAccount
from tools.attacks.target import LONG, Target

STRANGER = OTHER_ACCOUNT
"""An account that nobody trusts, until somebody does."""

GUARDRAILS = "/latchkey/guardrails"
SCHEDULES = "latchkey-grants"
HOUR = 3600
MINUTE = 61
"""Seconds by which a cut-off of sessions lies ahead, as IAM takes a while."""

_NUMBERS = itertools.count(1)
WHY = {"reason": "incident 7", "requested_by": "security on call"}
_ROUNDS = 5
_DENIED = {"AccessDenied", "AccessDeniedException"}


class Ground:
    """A sandbox, the people in it, and what everybody may look at.

    Targets are in `account`: the stack's own, or one that is enrolled.
    """

    def __init__(self, box: Sandbox, account: str = ACCOUNT) -> None:
        self.box, self.outside, self.account = box, Outside(box), account
        self.spoke = SpokeAccount(box, account)
        self.client: Callable[[str], Any] = box.client if self.home else self.spoke.client
        self.iam = self.client("iam")
        self._ssm = box.client("ssm")
        self._rules = self._ssm.get_parameter(Name=GUARDRAILS)["Parameter"]["Value"]

    @property
    def home(self) -> bool:
        """Whether targets are in the stack's own account."""
        return self.account == ACCOUNT

    @property
    def listed(self) -> dict[str, Any]:
        """What guardrails need so that targets may be granted at all."""
        return {} if self.home else {"allowed_accounts": [self.account]}

    def role(self, name: str) -> dict[str, Any] | None:
        """The role of that name in the targets' account, with its inline policies."""
        return role_in(self.iam, name)

    def target(self, *, hours: float = 24 * 90) -> Target:
        """A new partner."""
        partner = f"p{next(_NUMBERS):03}"
        self.client("s3").create_bucket(Bucket=partner)
        self.client("secretsmanager").create_secret(Name=f"{partner}/key", SecretString="a value")
        return Target(partner, self.outside.in_(hours=hours), self.account)

    def granted(self, *, hours: float = 24 * 90, **changes: Any) -> Target:
        """A new partner with its grant."""
        target = self.target(hours=hours)
        result = self.outside.upload(target.key, target.config(**changes))
        assert result["outcome"] == "created", f"not granted: {result['reason']}"
        return target

    def put(self, key: str, config: dict[str, Any]) -> None:
        """Upload a config, and wait for nothing."""
        bucket, body = self.box.outputs["ConfigBucketName"], json.dumps(config).encode()
        self.outside.s3.put_object(Bucket=bucket, Key=key, Body=body)

    def remove(self, key: str) -> None:
        """Remove a file, and wait for nothing."""
        self.outside.s3.delete_object(Bucket=self.box.outputs["ConfigBucketName"], Key=key)

    def order(self, target: Target, action: str, **more: Any) -> dict[str, Any]:
        """Give an order for its grant; answers `{"status", "output", "cause"}` at its end."""
        return self.outside.start(order(target, action, **more))

    def guard(self, text: str | None) -> None:
        """Write the guardrails, or delete them; `restore` puts them back."""
        if text is None:
            self._ssm.delete_parameter(Name=GUARDRAILS)
        else:
            self._ssm.put_parameter(Name=GUARDRAILS, Value=text, Type="String", Overwrite=True)

    def restore(self) -> None:
        """Put back what all attacks share."""
        self.guard(self._rules)

    def advance(self, seconds: float) -> None:
        """Let time pass, and all that it wakes end."""
        self.box.advance(seconds)

    def delete_schedule(self, target: Target) -> None:
        """Take the grant's own schedule away, so that only the sweep is left."""
        name = f"{target.partner}.main"
        self.outside.scheduler.delete_schedule(Name=name, GroupName=SCHEDULES)

    def person(
        self, name: str, *statements: dict[str, Any], account: str = ACCOUNT
    ) -> Callable[[str], Any]:
        """Clients with a session of somebody in an account who may do so much and no more."""
        role = f"{name}-{next(_NUMBERS)}"
        trust = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
        own = self.iam if account == self.account else self.outside.iam
        own.create_role(RoleName=role, Path="/people/", AssumeRolePolicyDocument=document(trust))
        own.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=document(*statements))
        arn = f"arn:aws:iam::{account}:role/people/{role}"
        sts = self.client("sts") if account == self.account else self.box.client("sts")
        keys = sts.assume_role(RoleArn=arn, RoleSessionName=name)["Credentials"]
        return lambda service: connect(
            self.box.url, service, keys["AccessKeyId"], token=keys["SessionToken"]
        )

    def partner(self, service: str) -> Any:
        """A client of somebody in the partner's account."""
        return connect(self.box.url, service, PARTNER_ACCOUNT)

    def assume(
        self, target: Target, *, account: str = PARTNER_ACCOUNT, external_id: str = ""
    ) -> Session:
        """A session of the grant's role for twelve hours, for its partner or somebody else."""
        given = {"ExternalId": external_id or target.external_id, "DurationSeconds": LONG}
        sts = connect(self.box.url, "sts", account)
        keys = sts.assume_role(RoleArn=target.role_arn, RoleSessionName="partner", **given)[
            "Credentials"
        ]
        return Session(
            lambda service: connect(
                self.box.url, service, keys["AccessKeyId"], token=keys["SessionToken"]
            )
        )

    def shut(self, target: Target, *sessions: Session) -> None:
        """Nobody gets in any more: neither by these sessions, nor by a new one."""
        for session in sessions:
            self.dead(target, session)
        found = refusal(lambda: self.assume(target).secret(f"{target.partner}/key"))
        assert found in _DENIED, f"its partner still gets in ({found})"

    def dead(self, target: Target, session: Session) -> None:
        """A session can do nothing that the grant is about."""
        tried = {
            "reads the secret": lambda: session.secret(f"{target.partner}/key"),
            "writes to the bucket": lambda: session.write(target.partner, "in/x", "x"),
            "lists the bucket": lambda: session.list(target.partner, "in/"),
        }
        for what, call in tried.items():
            found = refusal(call)
            assert found in _DENIED, f"the session still {what} ({found})"

    def works(self, target: Target, session: Session) -> None:
        """A session can do what the grant is about."""
        found = refusal(lambda: session.secret(f"{target.partner}/key"))
        assert found is None, f"its partner is kept out ({found})"

    def gone(self, target: Target, *sessions: Session, status: str = "revoked") -> None:
        """The role is gone, the record says so, and no session works."""
        left = self.eventually(lambda: self.role(target.role), lambda role: role is None)
        assert left is None, "the role is still there"
        self.shut(target, *sessions)
        found = self.outside.state(target.partner).get("status")
        assert found == status, f"the record says {found}, not {status}"

    def scheduled(self, target: Target) -> bool:
        """Whether the grant has a schedule."""
        client = self.outside.scheduler
        name = f"{target.partner}.main"
        found = refusal(lambda: client.get_schedule(Name=name, GroupName=SCHEDULES))
        return found is None

    def eventually(
        self, look: Callable[[], Any], wanted: Callable[[Any], bool], seconds: float = 60.0
    ) -> Any:
        """What `look` answers once it is what is wanted, or at last."""
        looks = Looks(seconds)
        while not wanted(found := look()) and looks.left():
            looks.pause()
        return found

    def messages(self, target: Target) -> Callable[[], list[str]]:
        """Subscribe to the notices about a partner; answers how to read all so far."""
        client, seen = self.box.client, list[str]()
        sqs, arn = client("sqs"), f"arn:aws:sqs:us-east-1:{ACCOUNT}:{target.partner}"
        url = sqs.create_queue(QueueName=target.partner)["QueueUrl"]
        client("sns").subscribe(
            TopicArn=self.box.outputs["NoticesTopicArn"],
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"FilterPolicy": json.dumps({"partner": [target.partner]})},
        )

        def read() -> list[str]:
            found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
            seen.extend(message["Body"] for message in found.get("Messages", []))
            return seen

        return read

    def settled(self) -> None:
        """Wait until no notification waits and no run is at work."""
        arn, states = self.box.outputs["GrantWorkflowArn"], self.outside.states
        for _ in range(_ROUNDS):
            self.box.advance(0)  # which gives up after a minute
            found = states.list_executions(stateMachineArn=arn, statusFilter="RUNNING")
            if not found["executions"]:
                return
        raise LookupError("runs do not come to an end")


def order(target: Target, action: str, **more: Any) -> dict[str, Any]:
    """The workflow's input that orders something for a grant."""
    return {"action": action, "partner": target.partner, **WHY, **more}


def refused(call: Callable[[], Any], what: str) -> None:
    """A call that AWS must refuse to who makes it."""
    found = refusal(call)
    assert found in _DENIED, f"{what} ({found or 'it was allowed'})"


def statement(*actions: str, on: str = "*", effect: str = "Allow") -> dict[str, Any]:
    """A statement of a policy."""
    return {"Effect": effect, "Action": list(actions), "Resource": on}


def document(*statements: dict[str, Any]) -> str:
    """A policy of statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
