"""How long policies may be."""

import json

from latchkey.iam.document import Document

TRUST_LIMIT = 2_048
"""Characters of a trust policy without white space (IAM quotas, default)."""
INLINE_LIMIT = 10_240
"""Characters of all inline policies of a role without white space (IAM quotas, fixed)."""


def policy_size(document: Document) -> int:
    """The characters that IAM counts: the document without white space outside of strings."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))
