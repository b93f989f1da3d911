"""Reading configuration everywhere in the account, by policies that AWS keeps, and no data.

Sources: AWS managed policy reference guide, "SecurityAudit", "ViewOnlyAccess",
"AWSBillingReadOnlyAccess".
"""

from collections.abc import Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call, Found
from latchkey.services.spec import Service

_CALLER = Call("sts", "get-caller-identity", {}, "Account", needs=("sts:GetCallerIdentity",))


class _Account(Service):
    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        """A look that costs nothing: at the numbers of IAM's resources, or at budgets.

        Each request to Cost Explorer costs something (AWS Cost Management user guide, "AWS Cost
        Explorer API"); reading budgets is `ViewBudget` (Service Authorization Reference for AWS
        Budgets), and any session may ask who it is (STS API reference, GetCallerIdentity).
        """
        if entry["allow"] != "billing":
            needs = ("iam:GetAccountSummary",)
            return Call("iam", "get-account-summary", {}, "SummaryMap.Roles", needs=needs)
        given = {"AccountId": Found(call=_CALLER, member="Account")}
        needs = ("budgets:ViewBudget",)
        return Call("budgets", "describe-budgets", given, "length(Budgets || `[]`)", needs=needs)


SPEC = _Account(
    name="account",
    title="Account (configuration)",
    field="",
    arn=ArnForm(r"[a-z]+"),
    actions={"audit": (), "view": (), "billing": ()},
    managed={
        "audit": "SecurityAudit",
        "view": "job-function/ViewOnlyAccess",
        "billing": "AWSBillingReadOnlyAccess",
    },
    labels={
        "read configuration for audits": "audit",
        "view resources": "view",
        "read bills": "billing",
    },
    own=(),
    boundary=(),
    bounded_by="AuditBoundary",
    beside={"s3": ("read",)},
    withheld=(
        "kms:Decrypt",
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionTagging",
        "s3:ListBucket",
        "s3:ListBucketVersions",
    ),
    secondary=frozenset(),
    example={"allow": "audit"},
)
