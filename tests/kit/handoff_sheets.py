"""Hand-off sheets of one grant: to a bucket under a key, a secret and a queue."""

import json
from typing import Any

from latchkey.config.schema import PartnerConfig
from latchkey.grants.policies import permissions_policy
from latchkey.grants.record import GrantRecord
from latchkey.reports.handoff.contents import Handoff, handoff
from latchkey.services.resource_info import ResourceInfo
from tests.kit.documented.access import AWS_ENVIRONMENT
from tests.kit.examples import config_document

ROLE = "arn:aws:iam::123456789012:role/partners/partner-acme.main"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
BUCKET = {"service": "s3", "bucket": "reports", "prefix": "in", "allow": "read"}
SECRET = {"service": "secretsmanager", "secret": "partners/acme/api", "allow": "read"}
QUEUE = {"service": "sqs", "queue": "orders", "allow": "send"}
WHOLE = "arn:aws:secretsmanager:us-east-1:123456789012:secret:partners/acme/api-AbCdEf"


def made_sheet(status: Any = "active", starts_at: str | None = None, **changes: Any) -> Handoff:
    """The sheet of the grant in a status, with changes of its config."""
    document = config_document(**{"access": [BUCKET, SECRET, QUEUE], **changes})
    config = PartnerConfig.model_validate(document)
    found = [
        [ResourceInfo("arn:aws:s3:::reports", (KEY,))],
        [ResourceInfo(WHOLE)],
        [ResourceInfo("arn:aws:sqs:us-east-1:123456789012:orders")],
    ]
    policy = permissions_policy(config, found[: len(config.access)], AWS_ENVIRONMENT, ROLE)
    record = GrantRecord(
        "acme",
        "main",
        status,
        role_arn=ROLE,
        external_id="acme-7f3b2c91",
        starts_at=starts_at,
        expires_at="2030-01-01T00:00:00Z",
        updated_at="2026-03-01T12:00:00Z",
        config=json.dumps(document),
    )
    result = {"permissions_policy": policy if status == "active" else None}
    made = handoff(record, "us-east-1", result)
    assert made is not None
    return made
