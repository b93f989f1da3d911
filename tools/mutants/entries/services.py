"""Entries of the catalogue that give more of a resource, or of its key, than they should."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    add_item,
    always,
    drop_argument,
    drop_item,
    drop_operand,
    never,
    replace_call,
    set_argument,
    set_item,
    set_return,
    set_variable,
    swap_constant,
    swap_name,
    swap_text,
)

_KEYS_OF = ("tests/unit/test_key_lookup.py",)
_METRICS = ("tests/unit/test_metrics_entry.py",)
_ACCOUNT = (
    "tests/contract/test_audit_boundary.py",
    "tests/unit/test_account_entry.py",
    "tests/unit/test_boundary_kinds.py",
    "tests/integration/test_account_access.py",
)

_S3 = (
    Mutant("prefix without its slash", "_prefix", set_return('prefix.removesuffix("/")')),
    Mutant(
        "objects of the whole bucket",
        "S3Access.allowed",
        set_variable("objects", 'f"{info.arn}/*"'),
    ),
    Mutant("listing of the whole bucket", "S3Access.allowed", set_variable("folder", "{}")),
    Mutant("drop box that lists", "S3Access.allowed", always("write")),
    Mutant("reading that deletes", "s3.spec:_READ", add_item('"s3:DeleteObject"')),
    Mutant("reading of ACLs", "s3.spec:_READ", add_item('"s3:GetObjectAcl"')),
    Mutant("wildcards in a prefix", "_PREFIX", swap_text("/-]", "/*-]")),
    Mutant("folders above in a prefix", "_prefix", drop_operand("..")),
    Mutant(
        "key of any object of the bucket",
        "S3Access.allowed",
        set_item("aws:s3:arn", '[info.arn, f"{info.arn}/*"]'),
    ),
    Mutant(
        "upload that cannot finish",
        "s3.entry:_KEY_ACTIONS",
        set_item("write", '("kms:GenerateDataKey",)'),
    ),
    Mutant("guardrails blind to lists of folders", "_prefixes", set_return('("*",)', "text")),
    Mutant("guardrails blind to lists", "_S3.reached", always("_LISTS")),
    Mutant("a bucket's Region wherever", "_S3.told_of", set_return('""')),
)

_KEYS = (
    Mutant(
        "key through any service",
        "key_allowance",
        swap_constant("kms:ViaService", "kms:CallerAccount"),
    ),
    Mutant("key without encryption context", "key_allowance", replace_call("items", "()")),
    Mutant(
        "key of the service in any region",
        "key_allowance",
        set_item("kms:ViaService", 'f"{service}.us-east-1.amazonaws.com"'),
    ),
    Mutant("any key", "key_allowance", set_argument("Allowance", 2, '("*",)')),
    Mutant("patterns compared as plain text", "key_allowance", never("like")),
)

_OTHERS = (
    Mutant(
        "secret by its name",
        "SecretAccess.allowed",
        set_argument("Allowance", 2, '(info.arn[:-6] + "??????",)'),
    ),
    Mutant("indexes of other tables", "TableAccess.allowed", swap_text("/index/*", "*")),
    Mutant("key of any table", "TableAccess.allowed", drop_item("aws:dynamodb:tableName")),
    Mutant("guardrails blind to what a function also is", "_Lambda.also_known", drop_item("digit")),
    Mutant("HTTPS left out for queues", "QueueAccess.allowed", drop_argument("Allowance", 3)),
    Mutant(
        "sending that receives",
        "sqs.spec:SPEC",
        add_item('"sqs:ReceiveMessage"', "sqs:SendMessage"),
    ),
    Mutant("wildcards in names", "sqs.spec:SPEC", swap_text("_-]{1,80}", "_*-]{1,80}")),
    Mutant(
        "streams that begin with the name",
        "StreamAccess.allowed",
        swap_text("/consumer/*", "*"),
    ),
    Mutant(
        "state machines that begin with the name",
        "StateMachineAccess.allowed",
        set_argument("Allowance", 2, '(f"{info.arn}*",)'),
    ),
    Mutant(
        "starting that waits for what comes of it",
        "states.spec:SPEC",
        add_item('"states:StartSyncExecution"', "states:StartExecution"),
    ),
    Mutant(
        "log streams of groups that begin with the name",
        "LogGroupAccess.allowed",
        swap_text(":log-stream:*", "*"),
    ),
    Mutant(
        "pushing that pulls",
        "ecr.spec:_PUSH",
        add_item('"ecr:GetDownloadUrlForLayer"', "ecr:PutImage"),
    ),
    Mutant(
        "endpoints by names with capitals", "_SageMaker.resource_arn", replace_call("lower", "rest")
    ),
    Mutant("guardrails blind to what knows no resource", "_reach", never("NO_RESOURCE")),
    Mutant(
        "all versions of a function",
        "FunctionAccess.allowed",
        set_argument("Allowance", 2, '(f"{info.arn}:*", info.arn)'),
    ),
    Mutant(
        "parameters beside the path",
        "ParameterAccess.allowed",
        set_variable("below", 'f"{info.arn[:-1]}*"'),
    ),
    Mutant(
        "tables of databases that begin with the name",
        "DatabaseAccess.allowed",
        set_variable("tables", '(f"{head}{TABLE}{name}*",)'),
    ),
    Mutant(
        "all tables for those that are named",
        "DatabaseAccess.allowed",
        set_variable("tables", '(f"{head}{TABLE}{name}/*",)'),
    ),
    Mutant("reading that changes metadata", "glue.spec:_READ", add_item('"glue:UpdateTable"')),
    Mutant(
        "key of the catalog for whatever it encrypts",
        "DatabaseAccess.allowed",
        set_variable("context", "{}"),
        tests=("tests/unit/test_catalogue.py",),
    ),
    Mutant(
        "any failure of Glue is a database",
        "glue.lookup:_find",
        drop_operand("GlueEncryptionException"),
        tests=("tests/unit/test_glue_lookup.py",),
    ),
    Mutant("use of a key that makes grants", "kms.spec:_USE", add_item('"CreateGrant"')),
    Mutant("keys that AWS manages", "kms.lookup:_find", never("KeyManager"), tests=_KEYS_OF),
    Mutant("keys of other Regions", "kms.lookup:_find", never("environment"), tests=_KEYS_OF),
    Mutant("keys that sign", "kms.lookup:_find", never("KeyUsage"), tests=_KEYS_OF),
    Mutant(
        "any namespace for one",
        "MetricsAccess.allowances",
        set_item("StringEquals", "{}"),
        tests=_METRICS,
    ),
    Mutant("metrics of AWS", "cloudwatch.spec:KEPT_OUT", drop_item("AWS"), tests=_METRICS),
    Mutant(
        "metrics of Latchkey",
        "cloudwatch.spec:KEPT_OUT",
        swap_name("OWN_NAMESPACE", "PUT"),
        tests=_METRICS,
    ),
    Mutant("namespaces of AWS by name", "_ours_to_give", never("startswith"), tests=_METRICS),
    Mutant("Latchkey's namespace", "_ours_to_give", never("OWN_NAMESPACE"), tests=_METRICS),
    Mutant(
        "metrics that are read of one namespace",
        "MetricsAccess._namespace_is_put_into",
        never("allow"),
        tests=_METRICS,
    ),
    Mutant(
        "data of what it sees",
        "account.spec:SPEC",
        swap_constant("s3:GetObject", "s3:GetObjectAcl"),
        tests=_ACCOUNT,
    ),
    Mutant(
        "the account beside more",
        "account.spec:SPEC",
        set_item("s3", '("read", "write")'),
        tests=_ACCOUNT,
    ),
    Mutant("guardrails blind to databases", "_Glue.told_of", drop_operand("LOOK")),
    Mutant("guardrails blind to paths", "_Ssm.reached", always("GetParametersByPath")),
    Mutant("parameters of AWS", "ssm.entry:_parameter", never("IGNORECASE")),
    Mutant(
        "names that go on behind the name",
        "ResourceName.check",
        swap_name("fullmatch", "match"),
    ),
)

SERVICES = (*_S3, *_KEYS, *_OTHERS)
