"""What an outside AWS client does, which knows docs/contract.md and nothing of the code."""

import json
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

from sandbox import Sandbox
from sandbox.demo.looks import Looks
from sandbox.demo.people import Ops
from tests.kit.result_schema import validated

WRITES = ("Create", "Put", "Update", "Delete", "Tag", "Untag", "Attach", "Detach", "Remove")


class Outside(Ops):
    """Ops, with what tests look at besides."""

    def __init__(self, box: Sandbox) -> None:
        super().__init__(box)
        self.box = box
        self.secrets, self.states = box.client("secretsmanager"), box.client("stepfunctions")
        self.scheduler = box.client("scheduler")

    def start(
        self, request: Any, name: str | None = None, workflow: str = "GrantWorkflowArn"
    ) -> dict[str, Any]:
        """Start a workflow and wait for its end; answers `{"status", "output" or "cause"}`.

        The output has the result file that it names in it. `workflow` is an output of the stack.
        """
        named = {"name": name} if name else {}
        arn = self.states.start_execution(
            stateMachineArn=self.box.outputs[workflow],
            input=json.dumps(request),
            **named,
        )["executionArn"]
        found = eventually(
            lambda: self.states.describe_execution(executionArn=arn),
            lambda execution: execution["status"] != "RUNNING",
        )
        output = json.loads(found.get("output") or "null")
        if output and output.get("result_key"):
            where = {"Bucket": output["result_bucket"], "Key": output["result_key"]}
            file = self.s3.get_object(**where, VersionId=output["result_version"])["Body"].read()
            output = {**output, **validated(json.loads(file))}
        return {
            "status": found["status"],
            "output": output,
            "error": found.get("error"),
            "cause": found.get("cause"),
        }

    def result(self, key: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The result file of a config, once it is the one that is wanted; it has to be valid."""
        return validated(super().result(key, wanted))

    def state(self, partner: str, grant: str = "main") -> dict[str, Any]:
        """The STATE item of a grant; empty when there is none."""
        items = [item for item in self.history(f"{partner}.{grant}") if item["sk"] == "STATE"]
        return items[0] if items else {}

    def events(self, partner: str, grant: str = "main") -> list[str]:
        """The facts in a grant's history, in time order."""
        items = self.history(f"{partner}.{grant}")
        return [item["event"] for item in items if item["sk"].startswith("EVENT#")]

    def iam_writes(self, call: Callable[[], Any]) -> list[str]:
        """The IAM writes that the functions make while `call` runs."""
        before = len(self.box.calls())
        call()
        made = [c for c in self.box.calls()[before:] if c["service"] == "iam"]
        return [
            c["action"] for c in made if c["caller"] != "outside" and c["action"].startswith(WRITES)
        ]

    def in_(self, **span: float) -> str:
        """The time after a span from now, by the sandbox's clock."""
        moment = (self.box.now() + timedelta(**span)).astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def as_granted(role: Any) -> Any:
    """A role, or policies, without the statement that ends the sessions of before."""
    if isinstance(role, dict):
        return {name: as_granted(value) for name, value in role.items()}
    if isinstance(role, list | tuple):
        kept = (one for one in role if not (isinstance(one, dict) and one.get("Sid") == _ENDS))
        return [as_granted(one) for one in kept]
    return role


_ENDS = "IssuedBefore"


def eventually(
    look: Callable[[], Any], wanted: Callable[[Any], bool], seconds: float = 90.0
) -> Any:
    """What `look` answers once it is what is wanted."""
    looks = Looks(seconds)
    while True:
        found = look()
        if wanted(found):
            return found
        assert looks.left(), f"not within {seconds} s; the last look found {found}"
        looks.pause()
