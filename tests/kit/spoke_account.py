"""Another account of a sandbox, as its owner has it: enrolled from spoke.yaml, or not any more."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from latchkey.iam.spoke import SpokeRole
from sandbox import Sandbox
from sandbox.account import ACCOUNT, ORGANIZATION
from sandbox.connection import connect
from sandbox.demo.people import role_in
from tests.kit.repository import ROOT

STACK, HUB, GUARDRAILS = "latchkey-spoke", "latchkey", "/latchkey/guardrails"


@contextmanager
def enrolled(box: Sandbox, *accounts: str, strangers: Sequence[str] = ()) -> Iterator[None]:
    """Accounts that trust this hub, and some that trust another; in the end nothing is left."""
    spokes = [SpokeAccount(box, account) for account in (*accounts, *strangers)]
    for one in spokes:
        one.enrol(**{"HubAccount": "444455556666"} if one.account in strangers else {})
    yield
    for one in spokes:
        one.leave()


class SpokeAccount:
    """Its owner's clients, who may do everything there."""

    def __init__(self, box: Sandbox, account: str) -> None:
        self.account = account
        self.client: Callable[[str], Any] = lambda service: connect(box.url, service, account)
        self.iam, self.ssm = self.client("iam"), self.client("ssm")

    def enrol(self, **parameters: str) -> None:
        """Deploy spoke.yaml, as docs/spokes.md says."""
        given = {"HubAccount": ACCOUNT, "HubRegion": "us-east-1", "OrganizationId": ORGANIZATION}
        self.client("cloudformation").create_stack(
            StackName=STACK,
            TemplateBody=(ROOT / "spoke.yaml").read_text(encoding="utf-8"),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in (given | parameters).items()
            ],
        )

    @property
    def enrolled(self) -> bool:
        """Whether it has the stack."""
        found = self.client("cloudformation").list_stacks()["StackSummaries"]
        gone = "DELETE_COMPLETE"
        return any(one["StackName"] == STACK and one["StackStatus"] != gone for one in found)

    def leave(self) -> None:
        """Delete the stack, and whatever partner roles are left."""
        for role in self.partner_roles():
            for policy in self.iam.list_role_policies(RoleName=role)["PolicyNames"]:
                self.iam.delete_role_policy(RoleName=role, PolicyName=policy)
            self.iam.delete_role(RoleName=role)
        self.client("cloudformation").delete_stack(StackName=STACK)

    def partner_roles(self) -> set[str]:
        """The names of the roles under the path of partner roles."""
        found = self.iam.list_roles(PathPrefix="/partners/", MaxItems=1000)["Roles"]
        return {role["RoleName"] for role in found}

    def role(self, name: str) -> dict[str, Any] | None:
        """The role of that name with its inline policies, or None."""
        return role_in(self.iam, name)

    def guard(self, **rules: Any) -> None:
        """Write the account's own guardrails."""
        text = json.dumps({"version": 1, **rules})
        self.ssm.put_parameter(Name=GUARDRAILS, Value=text, Type="String", Overwrite=True)

    def shut(self, *roles: SpokeRole) -> Callable[[], None]:
        """Let the hub's functions into these roles no more; answers what lets them in again."""
        nobody = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
        closed = {"Version": "2012-10-17", "Statement": [nobody]}
        before = {role: self._trust(role) for role in roles}
        for role in roles:
            self._set_trust(role, closed)

        def reopen() -> None:
            for role, trust in before.items():
                self._set_trust(role, trust)

        return reopen

    def make(self, bucket: str, secret: str) -> None:
        """A bucket and a secret to give access to."""
        self.client("s3").create_bucket(Bucket=bucket)
        value = f"a value of {self.account}"
        self.client("secretsmanager").create_secret(Name=secret, SecretString=value)

    def _trust(self, role: SpokeRole) -> Any:
        return self.iam.get_role(RoleName=role.name_for(HUB))["Role"]["AssumeRolePolicyDocument"]

    def _set_trust(self, role: SpokeRole, trust: Any) -> None:
        name, text = role.name_for(HUB), json.dumps(trust)
        self.iam.update_assume_role_policy(RoleName=name, PolicyDocument=text)
