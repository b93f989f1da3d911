"""The safeguards of configs on record: nothing is granted by what somebody wrote into the table."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import drop_operand, never, set_return
from tools.mutants.template import set_key

_REFERENCE = ("tests/unit/test_config_reference.py",)
_ATTACKS = ("tests/integration/test_inline_attacks.py",)
_FAULTS = ("tests/integration/test_inline_faults.py",)
_CONFIGS = ("tests/integration/test_inline_configs.py",)
_BUCKET = ("tests/contract/test_config_bucket.py",)

ON_RECORD = (
    Mutant(
        "a config is compared with the digest on record",
        "ConfigVersions.read",
        never("matches"),
        tests=_ATTACKS,
    ),
    Mutant(
        "no record has another grant's config believed",
        "GrantRecord.config_at",
        drop_operand("inline_config_key"),
        tests=_REFERENCE,
    ),
    Mutant(
        "a config on record is a file's or an inline one",
        "GrantRecord.config_at",
        drop_operand("is_config_key"),
        tests=_REFERENCE,
    ),
    Mutant(
        "the table holds no inline config",
        "GrantRecord.at_rest",
        set_return("self"),
        tests=_CONFIGS,
    ),
    Mutant(
        "an order for an inline grant that takes away reads no object",
        "ConfigLoader._accepted",
        never("takes_away"),
        tests=_FAULTS,
    ),
    Mutant(
        "a config on record names its grant",
        "ConfigLoader._accepted",
        never("read"),
        tests=_ATTACKS,
    ),
    Mutant(
        "only planning writes inline configs",
        "template.yaml:ConfigBucketPolicy",
        set_key("Action", "s3:ReplicateObject", sid="InlineConfigsByPlanningOnly"),
        tests=_BUCKET,
    ),
)
