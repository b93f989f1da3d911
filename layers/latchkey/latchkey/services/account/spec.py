"""Reading configuration everywhere in the account, by policies that AWS keeps, and no data.

Sources: AWS managed policy reference guide, "SecurityAudit", "ViewOnlyAccess",
"AWSBillingReadOnlyAccess".
"""

from latchkey.services.arn_form import ArnForm
from latchkey.services.spec import Service

SPEC = Service(
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
