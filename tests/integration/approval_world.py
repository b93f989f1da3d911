"""What happens around a grant: its bucket's key, its role's name, and configs without a file."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.integration.approval_oracle import Version
from tests.integration.approval_states import NAME, OTHER, RULES, document, groups
from tests.integration.approval_told import Telling
from tests.integration.approval_watch import Broken
from tests.kit.examples import ACCOUNT, config_document
from tests.kit.stack.aws import CONFIG_BUCKET, GUARDRAILS, aws

_OTHERS = "partners/globex.json"
CONFIRMED = {"version": 1, "max_confirm_days": 90}


@dataclass
class World(Telling):
    """A grant, and what changes around it."""

    made: dict[str, str] = field(default_factory=dict)

    @property
    def keys_there(self) -> tuple[str, ...]:
        """The keys that the bucket had or has."""
        return tuple(self.made.values())

    def _key(self, name: str) -> None:
        """The bucket gets a key by its name, or none."""
        s3, oracle = aws("s3", self.stack.account), self.oracle
        if name == "none":
            s3.delete_bucket_encryption(Bucket="data-bucket")
            oracle.key = None
            return
        if name not in self.made:
            kms = aws("kms", self.stack.account)
            self.made[name] = kms.create_key()["KeyMetadata"]["Arn"]
        oracle.key = self.made[name]
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": oracle.key}
        rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
        s3.put_bucket_encryption(Bucket="data-bucket", ServerSideEncryptionConfiguration=rules)

    def _rules(self, name: str) -> None:
        self.oracle.rules = name
        if name == "unreadable":
            aws("ssm").put_parameter(Name=GUARDRAILS, Type="String", Value="{", Overwrite=True)
            return
        denied = {"denied_resources": [OTHER]} if name == "denied" else {}
        approval = {"groups": groups(name), "rules": RULES[name]}
        given = {"approval": approval} if RULES[name] else {}
        self.stack.guard(**CONFIRMED, **denied, **given)

    def _inline(self, what: str) -> None:
        """Somebody sends a config instead of a file."""
        there = {} if self.stack.account == ACCOUNT else {"account": self.stack.account}

        def begins(name: str) -> None:
            self.oracle.sent = Version(what, "", self.desk.now, inline=True)
            self.oracle.versions[name] = self.oracle.sent

        self._does({"config": {**there, **document(what)}}, "", begins=begins)

    def _does(
        self,
        request: dict[str, Any],
        fault: str,
        at: datetime | None = None,
        begins: Callable[[str], None] | None = None,
    ) -> None:
        raise NotImplementedError

    def _taken(self, _: str) -> None:
        """Another grant gets the role's name, unless this one has it."""
        if self.oracle.rules == "unreadable" or self.oracle.taken:
            return
        rules = self.oracle.rules
        self._rules("none")
        text = config_document(partner="globex", external_id="globex-11223344", role_name=NAME)
        self.stack.upload(json.dumps(text).encode(), _OTHERS)
        run = self.desk.run({"bucket": CONFIG_BUCKET, "key": _OTHERS})
        if (run.outcome == "created") != (self.role != NAME):
            raise Broken(f"whose is the name: {run.result}")
        self.oracle.taken = run.outcome == "created"
        self._rules(rules)

    def _freed(self, _: str) -> None:
        """The other grant ends."""
        if self.oracle.taken:
            self.stack.remove(_OTHERS)
            run = self.desk.run({"bucket": CONFIG_BUCKET, "key": _OTHERS})
            if run.outcome != "revoked":
                raise Broken(f"the other grant stays: {run.result}")
            self.oracle.taken = False

    def is_still_theirs(self) -> None:
        """The other grant's role is its own."""
        role = self.stack.role(NAME) if self.oracle.taken else None
        tags = role.get("Tags", []) if role else []
        if self.oracle.taken and not any(tag["Value"] == "globex.main" for tag in tags):
            raise Broken(f"the other grant's role: {role}")
