"""AWS KMS: the keys behind resources, which no config names."""

from latchkey.services.arn_form import ArnForm
from latchkey.services.spec import Service

SPEC = Service(
    name="kms",
    title="KMS",
    field="key",
    resource_type="AWS::KMS::Key",
    arn=ArnForm(r"[A-Za-z0-9-]{1,128}", before="key/"),
    actions={},
    labels={"decrypt": "Decrypt", "make data keys": "GenerateDataKey"},
    own=(),  # keys have no names
    boundary=(
        "Decrypt",
        "DescribeKey",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
    ),
    bounded_by="KmsBoundary",
    lookup=("kms:DescribeKey", "kms:GetKeyPolicy"),
)
