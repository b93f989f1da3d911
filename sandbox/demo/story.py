"""The story, step by step; every statement it prints is checked."""

import json
from datetime import UTC, datetime

from sandbox.demo.closing import HONEST, NEXT
from sandbox.demo.desk import FOLDER
from sandbox.demo.people import PARTNER_ACCOUNT, Session
from sandbox.demo.stage import EXTERNAL_ID, GRANT, ROLE, Stage

KEY = "partners/acme/reports.json"
BUCKET, ARCHIVE, SECRET = "northwind-reports", "northwind-archive", "acme/reports-api"

TYPO = "northwind-report"
PLAN, SHEET = "latchkey plan reports.json", f"latchkey handoff {GRANT}"


def _tells(page: str) -> bool:
    return GRANT in page and EXTERNAL_ID not in page


class Story(Stage):
    """The grant that everybody knows from the blog posts: one bucket, one secret, one principal."""

    def tell(self) -> int:
        """Tell all of it; answers the exit status."""
        self._prepare()
        self._plan()
        self._upload()
        self._hand_off()
        session = self._use()
        self._refuse(session)
        self._slip()
        self._change()
        self._expire()
        self._expire_without_us()
        self._revoke()
        self._history()
        self._register()
        status = self._screen.verdict(HONEST)
        self._screen.next(NEXT)
        return status

    def _prepare(self) -> None:
        s3 = self._box.client("s3")
        for bucket in (BUCKET, ARCHIVE):
            s3.create_bucket(Bucket=bucket)
        self._box.client("secretsmanager").create_secret(Name=SECRET, SecretString="demo value")

    def _plan(self) -> None:
        screen = self._screen
        screen.step("Ops write a partner config, and see what it would do")
        self._config = {
            "version": 1,
            "partner": "acme",
            "grant": "reports",
            "purpose": "Nightly report exchange",
            "owner": "data-platform",
            "principals": [PARTNER_ACCOUNT],
            "external_id": EXTERNAL_ID,
            "expires_at": self._in(hours=12, minutes=2),  # no moment at which the sweep comes
            "access": [
                {"service": "s3", "bucket": BUCKET, "allow": "read-write"},
                {"service": "secretsmanager", "secret": SECRET, "allow": "read"},
            ],
        }
        screen.document("reports.json", self._config)
        self._desk.keep("reports.json", json.dumps(self._config, indent=2))
        screen.command(PLAN, self._desk.run(PLAN))
        screen.fact("nothing is changed by a plan", self._ops.role(ROLE) is None)

    def _upload(self) -> None:
        screen = self._screen
        bucket = self._box.outputs["ConfigBucketName"]
        screen.step("They put it into S3", f"s3://{bucket}/{KEY}")
        self._box.clear_calls()
        result = self._ops.upload(KEY, self._config)
        self._role_arn = result["role_arn"]
        screen.fact("the result file says: created", result["outcome"] == "created", str(result))
        writes = ["CreateRole", "PutRolePolicy"]
        screen.fact(f"two IAM writes: {', '.join(writes)}", self._writes() == writes)
        role = self._ops.role(ROLE) or {}
        screen.fact(f"the role is there: {role.get('Arn')}", role.get("Arn") == self._role_arn)
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        screen.fact(
            f"its trust policy asks for the external ID, until {self._config['expires_at']}",
            trust["Condition"]
            == {
                "StringEquals": {"sts:ExternalId": EXTERNAL_ID},
                "DateLessThan": {"aws:CurrentTime": self._config["expires_at"]},
            },
            str(trust),
        )
        boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        expected = self._box.outputs["PermissionsBoundaryArn"]
        screen.fact(f"its permissions boundary: {boundary}", boundary == expected)

    def _hand_off(self) -> None:
        screen = self._screen
        screen.step("The partner gets a sheet with what it needs")
        page = self._ops.sheet(KEY)
        printed = self._desk.run(SHEET)
        screen.command(SHEET, printed, most=24)
        screen.fact("the role's ARN is on it", self._role_arn in printed)
        self._desk.keep("handoff.html", page)
        screen.say(f"the sheet as a page: {FOLDER}/handoff.html")

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

    def _slip(self) -> None:
        screen = self._screen
        screen.step("A bad version never disturbs the live grant", "a bucket is misspelled")
        before = self._policy()
        slipped = {**self._config, "access": [{**self._config["access"][0], "bucket": TYPO}]}
        result = self._ops.upload(KEY, slipped)
        screen.fact("the result file says: rejected", result["outcome"] == "rejected", str(result))
        screen.rows(["where", "what"], [[p["path"], p["message"]] for p in result["problems"]])
        screen.fact("it names the bucket that was meant", BUCKET in str(result["problems"]))
        screen.fact("the role is as it was", self._policy() == before)

    def _change(self) -> None:
        screen = self._screen
        screen.step("Ops narrow the grant to one folder", "same file, one line more")
        self._config["access"][0]["prefix"] = "acme"
        self._box.clear_calls()
        result = self._ops.upload(KEY, self._config)
        screen.fact("the result file says: updated", result["outcome"] == "updated", str(result))
        screen.fact("one IAM write: PutRolePolicy", self._writes() == ["PutRolePolicy"])
        screen.rows(["what changed"], [[line["text"]] for line in result["summary"]])
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
        screen.fact("the schedule is deleted", self._ops.lose_schedules(GRANT) == 1)
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
        expected = ["Granted", "ConfigRejected", "Updated"]
        expected += ["Expired", "Granted", "Expired", "Granted", "Revoked"]
        self._screen.fact("nothing is missing and nothing is twice", names == expected, str(names))

    def _register(self) -> None:
        screen = self._screen
        screen.step("What auditors see")
        first, last = datetime.now(UTC), self._box.now()
        line = f"latchkey who-had-access {BUCKET} --from {first:%Y-%m-%d} --to {last:%Y-%m-%d}"
        screen.command(line, self._desk.run(line))
        self._desk.run("latchkey register -o register.html")
        self._desk.run("latchkey partner-page acme -o acme.html")
        page = self._desk.read("register.html")
        screen.fact("the register has the grant, without its external ID", _tells(page))
        screen.fact("so has the partner's page", _tells(self._desk.read("acme.html")))
        screen.say(f"to open in a browser: {FOLDER}/register.html, {FOLDER}/acme.html")

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
