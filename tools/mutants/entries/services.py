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

_S3 = (
    Mutant("prefix without its slash", "_prefix", set_return('prefix.removesuffix("/")')),
    Mutant(
        "objects of the whole bucket",
        "S3Access.allowances",
        set_variable("objects", 'f"{facts.arn}/*"'),
    ),
    Mutant("listing of the whole bucket", "S3Access.allowances", set_variable("folder", "{}")),
    Mutant("drop box that lists", "S3Access.allowances", always("allow")),
    Mutant("reading that deletes", "s3:_READ", add_item('"s3:DeleteObject"')),
    Mutant("reading of ACLs", "s3:_READ", add_item('"s3:GetObjectAcl"')),
    Mutant("wildcards in a prefix", "_PREFIX", swap_text("/-]", "/*-]")),
    Mutant("folders above in a prefix", "_prefix", drop_operand("..")),
    Mutant(
        "key of any object of the bucket",
        "S3Access.allowances",
        set_item("aws:s3:arn", '[facts.arn, f"{facts.arn}/*"]'),
    ),
    Mutant(
        "upload that cannot finish",
        "s3:_KEY_ACTIONS",
        set_item("write", '("kms:GenerateDataKey",)'),
    ),
    Mutant("guardrails blind to folders", "S3Access.targets", drop_item("prefix")),
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
        "SecretAccess.allowances",
        set_argument("Allowance", 2, '(facts.arn[:-6] + "??????",)'),
    ),
    Mutant("indexes of other tables", "TableAccess.allowances", swap_text("/index/*", "*")),
    Mutant("key of any table", "TableAccess.allowances", drop_item("aws:dynamodb:tableName")),
    Mutant("guardrails blind to indexes", "TableAccess.targets", drop_item("/index/*")),
    Mutant("HTTPS left out for queues", "QueueAccess.allowances", drop_argument("Allowance", 3)),
    Mutant(
        "sending that receives",
        "sqs:_ACTIONS",
        add_item('"sqs:ReceiveMessage"', "sqs:SendMessage"),
    ),
    Mutant("wildcards in names", "_QUEUE", swap_text("_-]{1,80}", "_*-]{1,80}")),
    Mutant(
        "streams that begin with the name",
        "StreamAccess.allowances",
        set_argument("Allowance", 2, '(f"{facts.arn}*",)'),
    ),
    Mutant(
        "all versions of a function",
        "FunctionAccess.allowances",
        set_argument("Allowance", 2, '(f"{facts.arn}:*", facts.arn)'),
    ),
    Mutant(
        "parameters beside the path",
        "ParameterAccess.allowances",
        set_variable("below", 'f"{facts.arn[:-1]}*"'),
    ),
    Mutant("guardrails blind to paths", "ParameterAccess.targets", never("endswith")),
    Mutant("parameters of AWS", "ssm:_parameter", never("IGNORECASE")),
    Mutant(
        "names that go on behind the name",
        "ResourceName.check",
        swap_name("fullmatch", "match"),
    ),
)

SERVICES = (*_S3, *_KEYS, *_OTHERS)
