"""The story, step by step; every statement it prints is checked."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox import Sandbox
from sandbox.demo.people import PARTNER_ACCOUNT, Ops, Partner, Session, refusal
from sandbox.demo.screen import Screen

KEY = "partners/acme/reports.json"
GRANT = "acme.reports"
ROLE = f"partner-{GRANT}"
EXTERNAL_ID = "acme-4711-2026"
BUCKET, ARCHIVE, SECRET = "northwind-reports", "northwind-archive", "acme/reports-api"
REFUSED = ("AccessDenied", "AccessDeniedException")

HONEST = (
    "Not shown here, since moto does not do it: IAM's eventual consistency and quotas, resource "
    "policies and key policies of the buckets and secrets, service control policies. The sandbox "
    "checks trust policies, and the policies of sessions; everybody else may do everything."
)


class Story:
    """The grant that everybody knows from the blog posts: one bucket, one secret, one principal."""

    def __init__(self, box: Sandbox, screen: Screen) -> None:
        self._box, self._screen = box, screen
        self._ops, self._partner = Ops(box), Partner(box.url)
        self._config: dict[str, Any] = {}
        self._role_arn = ""

    def tell(self) -> int:
        """Tell all of it; answers the exit status."""
        self._prepare()
        self._upload()
        session = self._use()
        self._refuse(session)
        self._change()
        self._expire()
        self._expire_without_us()
        self._revoke()
        self._history()
        return self._screen.verdict(HONEST)

    def _prepare(self) -> None:
        s3 = self._box.client("s3")
        for bucket in (BUCKET, ARCHIVE):
            s3.create_bucket(Bucket=bucket)
        self._box.client("secretsmanager").create_secret(Name=SECRET, SecretString="demo value")

    def _upload(self) -> None:
        screen = self._screen
        screen.step(
            "Ops drop a partner config into S3",
            f"s3://{self._box.outputs['ConfigBucketName']}/{KEY}",
        )
        self._config = {
            "version": 1,
            "partner": "acme",
            "grant": "reports",
            "purpose": "Nightly report exchange",
            "owner": "data-platform",
            "principals": [PARTNER_ACCOUNT],
            "external_id": EXTERNAL_ID,
            "expires_at": self._in(hours=12),
            "access": [
                {"service": "s3", "bucket": BUCKET, "allow": "read-write"},
                {"service": "secretsmanager", "secret": SECRET, "allow": "read"},
            ],
        }
        screen.document("the config", self._config)
        self._box.clear_calls()
        result = self._ops.upload(KEY, self._config)
        self._role_arn = result["role_arn"]
        screen.fact("the result file says: created", result["outcome"] == "created", str(result))
        writes = ["CreateRole", "PutRolePolicy"]
        screen.fact(f"two IAM writes: {', '.join(writes)}", self._writes() == writes)
        self._show_role()

    def _show_role(self) -> None:
        screen, role = self._screen, self._ops.role(ROLE) or {}
        screen.fact(f"the role is there: {role.get('Arn')}", role.get("Arn") == self._role_arn)
        screen.document("trust policy: who may assume it", role["AssumeRolePolicyDocument"])
        screen.document(
            "permissions policy: what a session may do", role["InlinePolicies"]["latchkey-access"]
        )
        boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        expected = self._box.outputs["PermissionsBoundaryArn"]
        screen.fact(f"its permissions boundary: {boundary}", boundary == expected)

    def _use(self) -> Session:
        screen = self._screen
        screen.step("The partner assumes the role and works with it")
        session = self._assume()
        session.write(BUCKET, "2026/report.csv", "a,b\n1,2\n")
        screen.fact("wrote an object", session.list(BUCKET, "2026/") == ["2026/report.csv"])
        screen.fact("read it back", session.read(BUCKET, "2026/report.csv") == "a,b\n1,2\n")
        screen.fact(f"read the secret {SECRET}", session.secret(SECRET) == "demo value")
        return session

    def _refuse(self, session: Session) -> None:
        self._screen.step("And is refused everything else")
        assume = self._partner.assume
        self._denied("with a wrong external ID", lambda: assume(self._role_arn, "acme-4712-2026"))
        self._denied("without an external ID", lambda: assume(self._role_arn, None))
        self._denied(f"on another bucket, {ARCHIVE}", lambda: session.read(ARCHIVE, "x"))
        self._denied("writing to that bucket", lambda: session.write(ARCHIVE, "x", "y"))

    def _change(self) -> None:
        screen = self._screen
        screen.step("Ops narrow the grant to one folder", "same file, one line more")
        before = self._policy()
        self._config["access"][0]["prefix"] = "acme"
        self._box.clear_calls()
        result = self._ops.upload(KEY, self._config)
        screen.fact("the result file says: updated", result["outcome"] == "updated", str(result))
        screen.fact("one IAM write: PutRolePolicy", self._writes() == ["PutRolePolicy"])
        screen.difference("what changed in the permissions policy", before, self._policy())
        session = self._assume()
        self._allowed("writing in the folder", lambda: session.write(BUCKET, "acme/x", "c\n"))
        self._denied("outside of it", lambda: session.read(BUCKET, "2026/report.csv"))

    def _expire(self) -> None:
        screen = self._screen
        screen.step("Time passes: the grant expires", "the sandbox's clock is moved by 12 hours")
        session = self._assume_before_expiry()
        self._box.advance(61)
        screen.say(f"it is {self._box.now():%Y-%m-%d %H:%M:%S} UTC")
        self._denied("a session issued a minute ago", lambda: session.read(BUCKET, "acme/x"))
        self._denied("a new session", lambda: self._partner.assume(self._role_arn, EXTERNAL_ID))
        screen.fact("the role is gone", self._ops.role(ROLE) is None)
        last = self._events()[-1]
        screen.fact(
            f"by the expiry schedule: {last['event']}, {last['reason']}, "
            f"seen to be gone {last['late_seconds']} s later",
            (last["event"], last["ended_by"]) == ("AccessExpired", "schedule"),
            str(last),
        )

    def _expire_without_us(self) -> None:
        screen = self._screen
        screen.step(
            "Renewed, and expired with the schedule lost",
            "ops upload a later expiry; then somebody deletes the schedule",
        )
        self._renew()
        session = self._assume_before_expiry()
        self._lose_schedule()
        self._box.advance(61)
        screen.fact("the role is still there", self._ops.role(ROLE) is not None)
        self._denied(
            "yet its session, by the dates in the policy", lambda: session.read(BUCKET, "acme/x")
        )
        self._denied(
            "and a new one, by the dates in the trust policy",
            lambda: self._partner.assume(self._role_arn, EXTERNAL_ID),
        )
        self._box.advance(20 * 60)
        last = self._events()[-1]
        late = f"{last['late_seconds']} s after its expiry"
        screen.fact(f"then the sweep removed it, {late}", last["ended_by"] == "sweep", str(last))
        screen.fact("the role is gone", self._ops.role(ROLE) is None)

    def _revoke(self) -> None:
        screen = self._screen
        screen.step("Renewed once more, and revoked by removing the file")
        self._renew()
        self._allowed("assuming the role", self._assume)
        self._box.clear_calls()
        result = self._ops.remove(KEY)
        screen.fact("the result file says: revoked", result["outcome"] == "revoked", str(result))
        writes = ["DeleteRolePolicy", "DeleteRole"]
        screen.fact("first the permissions went, then the role", self._writes() == writes)
        screen.fact("the role is gone", self._ops.role(ROLE) is None)

    def _history(self) -> None:
        self._screen.step("The grant's history in the table", f"pk = GRANT#{GRANT}")
        events = self._events()
        self._screen.rows(
            ["when", "what", "why"],
            [
                [event["recorded_at"][:19] + "Z", event["event"], event["reason"]]
                for event in events
            ],
        )
        names = [event["event"].removeprefix("Access") for event in events]
        expected = ["Granted", "Updated", "Expired", "Granted", "Expired", "Granted", "Revoked"]
        self._screen.fact("nothing is missing and nothing is twice", names == expected, str(names))

    def _renew(self) -> None:
        """Half an hour after a full one, so that no look for lost schedules comes in between."""
        self._config["expires_at"] = self._in(hours=12, minutes=30)
        result = self._ops.upload(KEY, self._config)
        said = result["outcome"] == "created"
        self._screen.fact(f"renewed to {self._config['expires_at']}: created", said, str(result))

    def _assume_before_expiry(self) -> Session:
        """Move to a minute before expiry, and get a session that outlives it by 59 minutes."""
        expiry = datetime.fromisoformat(self._config["expires_at"])
        self._box.advance(int((expiry - self._box.now()).total_seconds()) - 60)
        session = self._assume()
        self._allowed(
            "a minute before, a session of one hour", lambda: session.list(BUCKET, "acme/")
        )
        return session

    def _assume(self) -> Session:
        return self._partner.assume(self._role_arn, EXTERNAL_ID)

    def _lose_schedule(self) -> None:
        scheduler = self._box.client("scheduler")
        found = scheduler.list_schedules(NamePrefix=GRANT)["Schedules"]
        for schedule in found:
            scheduler.delete_schedule(GroupName=schedule["GroupName"], Name=schedule["Name"])
        self._screen.fact("the schedule is deleted", len(found) == 1)

    def _allowed(self, what: str, call: Any) -> None:
        code = refusal(call)
        self._screen.fact(f"allowed: {what}", code is None, f"({code})")

    def _denied(self, what: str, call: Any) -> None:
        code = refusal(call)
        self._screen.fact(f"refused: {what}", code in REFUSED, f"({code or 'it went through'})")

    def _policy(self) -> Any:
        return (self._ops.role(ROLE) or {})["InlinePolicies"]["latchkey-access"]

    def _events(self) -> list[dict[str, Any]]:
        return [i for i in self._ops.history(GRANT) if i["sk"].startswith("EVENT#")]

    def _writes(self) -> list[str]:
        reads = ("Get", "List")
        calls = (call for call in self._box.calls() if call["service"] == "iam")
        made = (call for call in calls if call["caller"] != "outside")
        return [call["action"] for call in made if not call["action"].startswith(reads)]

    def _in(self, *, hours: int, minutes: int = 0) -> str:
        moment = (self._box.now() + timedelta(hours=hours, minutes=minutes)).astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
