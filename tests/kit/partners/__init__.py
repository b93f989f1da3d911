"""Roles that well-known third parties ask their customers to make, as they are made by hand.

Facts from the vendors' own instructions, with account numbers, names and external IDs replaced.
"""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from latchkey.config.reader import read_document
from latchkey.config.schema import PartnerConfig
from latchkey_cli.importing.config import ImportedConfig, import_role
from latchkey_cli.importing.role import ExistingRole
from latchkey_cli.importing.role_fields import ImportOptions
from tests.kit.examples import ACCOUNT, NOW, STACK_CONTEXT
from tests.kit.template import listed, properties

OPTIONS = ImportOptions(owner="integrations", expires_at="2030-01-01T00:00:00Z")


@dataclass(frozen=True)
class VendorRole:
    """One role: whose it is, the kind of vendor, and what its policies say."""

    title: str
    kind: str
    role: str
    trust: list[dict[str, Any]]
    allowed: list[dict[str, Any]]
    managed: list[str]

    @property
    def policies(self) -> dict[str, Any]:
        """Its policies by name, the managed ones of AWS as they are."""
        inline = {"vendor": {"Version": "2012-10-17", "Statement": self.allowed}}
        return {
            **(inline if self.allowed else {}),
            **{one: managed_policies()[one] for one in self.managed},
        }

    def existing(self) -> ExistingRole:
        """As import reads it."""
        arn = f"arn:aws:iam::{ACCOUNT}:role/{self.role}"
        trust = {"Version": "2012-10-17", "Statement": self.trust}
        attached = {name: f"arn:aws:iam::aws:policy/{name}" for name in self.managed}
        return ExistingRole(self.role, arn, trust, self.policies, attached=attached)

    @cached_property
    def imported(self) -> tuple[PartnerConfig | None, ImportedConfig]:
        """The config that import writes, where it is valid, and all that was said of it."""
        described = import_role(self.existing(), OPTIONS, STACK_CONTEXT, NOW, _seen())
        return read_document(described.config, STACK_CONTEXT, NOW).config, described


@cache
def vendor_roles() -> tuple[VendorRole, ...]:
    """All of them, by kind."""
    return _roles("roles.json")


@cache
def other_roles() -> tuple[VendorRole, ...]:
    """Roles of the kinds that vendors ask for, none of them a vendor's."""
    return _roles("others.json")


def _roles(file: str) -> tuple[VendorRole, ...]:
    found = json.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))
    return tuple(VendorRole(**one) for one in found)


@cache
def _seen() -> tuple[str, ...]:
    """What roles with access to the account see, by the template's boundary."""
    statements = properties("AuditBoundary")["PolicyDocument"]["Statement"]
    return tuple(a for one in statements if one["Effect"] == "Allow" for a in listed(one["Action"]))


@cache
def managed_policies() -> dict[str, Any]:
    """AWS-managed policies by name, as moto has them of AWS."""
    known = json.loads(aws_managed_policies_data)
    return {name: policy["Document"] for name, policy in known.items()}
