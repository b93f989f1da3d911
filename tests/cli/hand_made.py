"""Roles made by hand, and what `latchkey import` makes of them."""

from typing import Any

from latchkey.config.reader import read_document
from latchkey.config.schema import PartnerConfig
from latchkey_cli.importing.config import ImportedConfig, import_role
from latchkey_cli.importing.role import ExistingRole
from latchkey_cli.importing.role_fields import ImportOptions
from tests.kit.examples import ACCOUNT, NOW, STACK_CONTEXT


def imported(
    role: ExistingRole, said: ImportOptions | None = None
) -> tuple[PartnerConfig, ImportedConfig]:
    """The config of a role, which has to be valid, and all that was said of it."""
    described = import_role(role, said or ImportOptions(owner="data-platform"), STACK_CONTEXT, NOW)
    read = read_document(described.config, STACK_CONTEXT, NOW)
    assert read.config, (described.config, read.problems, described.notes)
    return read.config, described


TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "sts:AssumeRole",
    },
}


def hand_made(*statements: Any, trust: Any = None, **fields: Any) -> ExistingRole:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return ExistingRole("Acme_ReadRole", "arn:role", trust or TRUST, {"inline": policy}, **fields)


def allow_statement(actions: Any, resources: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


SAID = ImportOptions(expires_at="2027-01-01T00:00:00Z")


QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"


def trust_of(principal: Any, **condition: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sts:AssumeRole",
        **({"Condition": condition} if condition else {}),
    }


PARTNER = {"AWS": "arn:aws:iam::444455556666:role/app"}


GRANTED = allow_statement("sqs:SendMessage", QUEUE)
