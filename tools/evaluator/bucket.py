"""The config bucket's policy, and who may write or remove which key by it.

Every caller may all of S3.

A `*` in a key is not asked about: the evaluator takes it for a pattern, where S3 has a character.
"""

import json
from dataclasses import dataclass
from typing import Any

from tests.kit.template import properties
from tools.evaluator.subjects import ACCOUNT, filled

_BUCKET = f"arn:aws:s3:::latchkey-config-{ACCOUNT}-us-east-1"
_PLACE = f"approvals/security/acme.main/{'a' * 64}"
ADA, EVE, USER = "AROAADAADAADAADA01:ada", "AROAEVEEVEEVEEVE01:eve", "AIDAUSERUSERUSER01"
_PLANNER = f"arn:aws:iam::{ACCOUNT}:role/latchkey-plan-grant-us-east-1"
_PERSON = f"arn:aws:iam::{ACCOUNT}:role/person"


@dataclass(frozen=True)
class Write:
    """One object that a caller writes or removes, and whether the bucket's policy lets it."""

    user_id: str
    key: str
    may: bool
    action: str = "s3:PutObject"
    role: str = _PERSON
    tls: str = "true"

    def document(self) -> dict[str, Any]:
        """As the judge reads it."""
        context = {"aws:SecureTransport": self.tls, "aws:PrincipalArn": self.role}
        context |= {"aws:userid": self.user_id} if self.user_id else {}
        resource = f"{_BUCKET}/{self.key}"
        return {"action": self.action, "resource": resource, "context": context}


def policy() -> Any:
    """The policy as it stands in S3, with variables of IAM's own."""
    document = filled(properties("ConfigBucketPolicy")["PolicyDocument"])
    return json.loads(json.dumps(document).replace("${!", "${"))


WRITES = (
    Write(ADA, "partners/acme/main.json", True),
    Write(ADA, "partners/acme/main.json", False, tls="false"),
    Write(ADA, f"{_PLACE}/{ADA}.json", True),
    Write(ADA, f"{_PLACE}/reject/{ADA}.json", True),
    Write(USER, f"{_PLACE}/{USER}.json", True),
    Write(ADA, f"approvals/a/b/c/d/e/{ADA}.json", True),  # written, and read by nobody
    Write(EVE, f"{_PLACE}/{ADA}.json", False),
    Write(EVE, f"{_PLACE}/{ADA}.json", False, "s3:ReplicateObject"),
    Write(ADA, f"{_PLACE}/{ADA.replace('ada', 'other')}.json", False),
    Write(ADA, f"{_PLACE}/{ADA.partition(':')[0]}.json", False),
    Write(ADA, f"{_PLACE}/{ADA.lower()}.json", False),
    Write(ADA, f"{_PLACE}/x{ADA}.json", False),
    Write(ADA, f"{_PLACE}/{ADA}.json.bak", False),
    Write(ADA, f"{_PLACE}/${{aws:userid}}.json", False),
    Write(EVE, f"{_PLACE}/{ADA.partition(':')[0]}/1/{EVE}.json", False),
    Write(EVE, f"{_PLACE}/{ADA.partition(':')[0]}:x/{EVE}.json", False),
    Write(EVE, f"{_PLACE}/reject/{USER}/{EVE}.json", False),
    Write(EVE, f"{_PLACE}/{USER}/{EVE}.json", False, "s3:ReplicateObject"),
    Write(ADA, f"approvals/Auditors/acme.main/{'a' * 64}/reject/{ADA}.json", True),
    Write("", f"{_PLACE}/{ADA}.json", False),
    Write("", f"{_PLACE}/.json", False),
    Write(ADA, f"approvals/{ADA}.json", False),
    Write(ADA, f"Approvals/x/{ADA}.json", False),
    Write(ADA, "other/x.json", False),
    Write(ADA, "inline/acme.main.json", False),
    Write(ADA, "inline/acme.main.json", False, "s3:ReplicateObject"),
    Write(ADA, "partners/acme/main.json", True, "s3:DeleteObject"),
    Write(ADA, "partners/acme/main.json", False, "s3:DeleteObjectVersion"),
    Write(ADA, f"{_PLACE}/{ADA}.json", True, "s3:DeleteObject"),
    Write(ADA, f"{_PLACE}/{ADA}.json", False, "s3:DeleteObjectVersion"),
    Write(EVE, f"{_PLACE}/reject/{ADA}.json", False, "s3:DeleteObject"),
    Write(EVE, f"{_PLACE}/{ADA}.json", False, "s3:ReplicateDelete"),
    Write("", f"{_PLACE}/{ADA}.json", False, "s3:DeleteObject"),
    Write("AROAPLANNERPLANNER:x", "inline/acme.main.json", True, role=_PLANNER),
)
