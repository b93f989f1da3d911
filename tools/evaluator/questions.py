"""What an attack on a role would try: calls that its actions allow elsewhere, but not here."""

from dataclasses import dataclass, field
from typing import Any

from tools.evaluator.subjects import ACCOUNT, subjects

_ROLE = f"arn:aws:iam::{ACCOUNT}:role"
_STATES = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:latchkey"
_RESULTS = f"arn:aws:s3:::latchkey-results-{ACCOUNT}-us-east-1"
_OURS = {"aws:ResourceTag/latchkey:stack": "latchkey"}


@dataclass(frozen=True)
class Question:
    """One call, and whether the role may make it."""

    role: str
    action: str
    resource: str
    may: bool
    context: dict[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As the judge reads it."""
        named = ("role", "action", "resource", "context")
        return {name: getattr(self, name) for name in named}


_TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/latchkey-grants"


def _items(role: str, action: str, key: str, may: bool, *attributes: str) -> Question:
    context = {"dynamodb:LeadingKeys": [key]} if key else {}
    context |= {"dynamodb:Attributes": ["pk", "sk", *attributes]} if attributes else {}
    return Question(role, f"dynamodb:{action}", _TABLE, may, context)


QUESTIONS = (
    Question("IntakeConfigRole", "states:StartExecution", f"{_STATES}-reconcile-workflow", True),
    *(
        Question(role, "states:StartExecution", f"{_STATES}-{workflow}-workflow", may)
        for role in subjects()
        if not role.startswith(("GrantWorkflowRole", "ReconcileWorkflowRole"))
        for workflow, may in (("grant", False), ("plan", role == "PlannerRole"))
    ),
    *(
        Question(
            role,
            "lambda:InvokeFunction",
            f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}",
            False,
        )
        for role in ("PlanWorkflowRole", "SweepScheduleRole", "ReconcileWorkflowRole")
        for name in ("latchkey-grant-access", "latchkey-revoke-access", "latchkey-suspend-access")
    ),
    Question("RevokeAccessRole", "iam:DeleteRole", f"{_ROLE}/partners/partner-x.main", True, _OURS),
    Question("RevokeAccessRole", "iam:DeleteRole", f"{_ROLE}/partners/partner-x.main", False),
    Question("RevokeAccessRole", "iam:DeleteRole", f"{_ROLE}/admin", False, _OURS),
    Question(
        "RevokeAccessRole",
        "iam:RemoveRoleFromInstanceProfile",
        f"arn:aws:iam::{ACCOUNT}:instance-profile/web",
        False,
    ),
    Question("GrantAccessRole", "iam:CreateRole", f"{_ROLE}/partners/partner-x.main", False),
    Question("GrantAccessRole", "iam:PutRolePolicy", f"{_ROLE}/admin", False, _OURS),
    Question("GrantAccessRole", "iam:PassRole", f"{_ROLE}/latchkey-expiry-us-east-1", False),
    *(
        question
        for role in ("GrantAccessRole", "RevokeAccessRole", "SuspendAccessRole", "PlanOrderRole")
        for question in (
            _items(role, "UpdateItem", "LEASE#acme.main", True),
            _items(role, "UpdateItem", "GRANT#acme.main", False),
            _items(role, "UpdateItem", "CONFIG#partners/acme.json", False),
            _items(role, "UpdateItem", "", False),
            _items(role, "PutItem", "GRANT#acme.main", False),
        )
    ),
    _items("RecordOutcomeRole", "PutItem", "GRANT#acme.main", True),
    _items("RecordOutcomeRole", "DeleteItem", "GRANT#acme.main", False),
    _items("RecordOutcomeRole", "UpdateItem", "GRANT#acme.main", False),
    _items("RecordOutcomeRole", "PutItem", "GRANT#acme.main", True, "event", "chain"),
    _items("RecordOutcomeRole", "PutItem", "GRANT#acme.main", False, "event", "delete_after"),
    _items("RecordOutcomeRole", "UpdateItem", "CONFIG#partners/a.json", False, "delete_after"),
    _items("PlanGrantRole", "UpdateItem", "CONFIG#partners/a.json", False, "delete_after"),
    _items("PlanGrantRole", "PutItem", "PLAN#run", True, "content", "delete_after"),
    _items("CheckDriftRole", "PutItem", "GRANT#acme.main", False),
    _items("CheckDriftRole", "PutItem", "USED#acme.main", True),
    Question("RecordOutcomeRole", "s3:PutObject", f"{_RESULTS}/partners/x.result.json", True),
    Question("RecordOutcomeRole", "s3:PutObject", f"{_RESULTS}/register.html", False),
    Question("NotifyOutcomeRole", "s3:PutObject", f"{_RESULTS}/partners/x.result.json", False),
    Question("NotifyOutcomeRole", "s3:PutObject", f"{_RESULTS}/partners/x.handoff.md", True),
)
