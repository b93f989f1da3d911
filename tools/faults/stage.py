"""A live grant in front of hostile input, and what is wrong with what becomes of that input."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from latchkey.keys import result_key
from latchkey.services.registry import NAMES, spec
from tests.kit.hostile.case import Hostile
from tests.kit.hostile.exact import deviations
from tests.kit.hostile.keys import Message
from tests.kit.outside import as_granted
from tests.kit.resources import MAKE
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, KEY, RESULTS_BUCKET, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

_CARRIED = 262_144
"""Bytes that Step Functions carries from state to state; a result file stays below as well."""

_MOST_CALLS = 120
_MADE = {
    name: str(spec(name).example[spec(name).field])
    for name in NAMES
    # the stack has a bucket and a secret; metrics have no name
    if name in MAKE and spec(name).field and name not in ("s3", "secretsmanager")
} | {"ssm": "app", "ses": "news.northwind"}
"""What hostile configs name when nothing is wrong with a name, by service."""

_IMPLIED = re.compile(r"(?::::|:configuration-set/)(.+?)\*?$")
"""The bucket, or the configuration set, that a resource is made to write to or send with."""


class Stage:
    """A live grant, and resources of every service for those who ask for them."""

    def __init__(self, stack: StackDriver, heard: io.StringIO) -> None:
        self._stack, self._heard = stack, heard
        self._messages = 0
        with patch("moto.kms.models.generate_key_id", lambda *_: _MADE["kms"]):  # not any ID
            for service, name in _MADE.items():
                implied = (_IMPLIED.search(arn) for arn in spec(service).example_implied)
                MAKE[service](aws, name, None, *(found[1] for found in implied if found))
        stack.guard(allow_custom=True)
        stack.granted()
        self._live = self._role("acme")
        self._grant = stack.grant()

    def config(self, case: Hostile) -> list[str]:
        """Upload a config; what is wrong with its outcome."""
        version = self._stack.upload(case.body, case.key)
        request = {**FILE, "key": case.key}
        wrong, run = self._run(request)
        if run is None:
            return wrong
        wrong += self._result_file(case, version)
        if case.granted:
            return [*wrong, *self._granted(case, run), *self._restored(case)]
        if not case.pointed_out(run.paths):
            wrong.append(f"points at {run.paths[:9]}")
        return [*wrong, *self._rejected(run)]

    def message(self, message: Message) -> list[str]:
        """Deliver a message beside a harmless one; what is wrong with its outcome."""
        self._messages += 1
        hostile, harmless = f"hostile-{self._messages}", f"harmless-{self._messages}"
        test = json.dumps({"Event": "s3:TestEvent"})
        known = self._stack.executions()
        batch = _batch({hostile: message.body, harmless: test})
        answer = self._stack.invoke("intake_config", batch)
        failed = [item["itemIdentifier"] for item in answer["batchItemFailures"]]
        started = {n: r for n, r in self._stack.executions().items() if n not in known}
        wrong = self._printed()
        if failed not in ([], [hostile]):
            wrong.append(f"failed are {failed}")
        if bool(started) != bool(message.becomes):
            wrong.append(f"started {started}, failed {failed}")
        for name, request in started.items():
            if not re.fullmatch(r"[0-9A-Za-z_-]{1,80}", name):
                wrong.append(f"an execution is named {name!a}")
            found, run = self._run(request)
            wrong += [*found, *self._untouched()]
            if run and (run.outcome != message.becomes or run.iam_writes):
                wrong.append(f"{run.outcome}, IAM: {run.iam_writes}")
        return wrong

    def input(self, request: Any) -> list[str]:
        """Start the workflow; what is wrong with its outcome."""
        wrong, run = self._run(request)
        return [*wrong, *(self._rejected(run) if run else [])]

    def _run(self, request: Any) -> tuple[list[str], Run | None]:
        """Run the workflow; without an error, in few calls, and within what it can carry."""
        sizes: list[int] = []

        def weigh(_: str, state: dict[str, Any]) -> None:
            sizes.append(_size(state))

        run = self._stack.run(request, before=weigh)
        wrong = self._printed()
        if run.error is not None:
            return [*wrong, f"ended with {run.error!r:.300}"], None
        if sizes[-1] + _size(run.result) > _CARRIED:
            wrong.append(f"carries {sizes} and {_size(run.result)} bytes")
        if len(run.calls) > _MOST_CALLS:
            wrong.append(f"{len(run.calls)} calls")
        return wrong, run

    def _rejected(self, run: Run) -> list[str]:
        problems = run.result["problems"]
        explained = all(problem["message"] for problem in problems)
        wrong = [] if problems and explained else [f"problems {problems}"]
        if (run.outcome, run.steps) != (
            "rejected",
            ["plan_grant", "record_outcome", "notify_outcome"],
        ):
            wrong.append(f"{run.outcome} by {run.steps}")
        if run.iam_writes:
            wrong.append(f"IAM: {run.iam_writes}")
        return [*wrong, *self._untouched()]

    def _untouched(self) -> list[str]:
        """The live role is byte for byte what it was, and so is what is recorded of the grant."""
        wrong = [] if self._role("acme") == self._live else ["the live role changed"]
        return wrong if self._stack.grant() == self._grant else [*wrong, "the live grant changed"]

    def _granted(self, case: Hostile, run: Run) -> Iterator[str]:
        document = json.loads(case.body)
        if run.outcome not in ("created", "updated", "unchanged"):
            yield f"{run.outcome}: {run.result['problems'][:3]}"
            return
        role, policy = self._role(document["partner"])
        yield from deviations(document, role["AssumeRolePolicyDocument"], policy)
        tags = {tag["Key"]: tag["Value"] for tag in role["Tags"]}
        ours = {name: tags.pop(f"latchkey:{name}", "") for name in ("grant", "stack", "owner")}
        if tags != document.get("tags", {}) or not all(ours.values()):
            yield f"tags {tags} and {ours}"
        text = f"{document['purpose']} (owner: {document['owner']})"
        if not _same_text(role["Description"], text):
            yield f"description {role['Description']!a}"
        if role["MaxSessionDuration"] != document.get("max_session_duration", 3600):
            yield f"sessions of {role['MaxSessionDuration']} s"

    def _restored(self, case: Hostile) -> list[str]:
        """The good file again, or no file: everything is as it was before.

        But for sessions issued before, which end when the good file takes somebody away again.
        """
        if case.key == KEY:
            self._stack.upload()
            wrong, _ = self._run(FILE)
            back = self._role("acme")
            self._grant = self._stack.grant()
        else:
            self._stack.remove(case.key)
            wrong, _ = self._run({**FILE, "key": case.key})
            back = self._live
            if self._stack.role(f"partner-{json.loads(case.body)['partner']}.main"):
                wrong.append("the role outlives its file")
        same = as_granted(back) == as_granted(self._live)
        self._live = back
        return wrong if same else [*wrong, "the good file gives another role"]

    def _result_file(self, case: Hostile, version: str) -> Iterator[str]:
        key = result_key(case.key, None)
        body = aws("s3").get_object(Bucket=RESULTS_BUCKET, Key=str(key))["Body"].read()
        if len(body) > _CARRIED:
            yield f"a result of {len(body)} bytes"
        result = json.loads(body)
        if result["config_version"] != version:
            yield "the result is of another version"
        if (result["config_bucket"], result["config_key"]) != (CONFIG_BUCKET, case.key):
            yield f"the result is of {result['config_key']!a}"

    def _role(self, partner: str) -> tuple[dict[str, Any], Any]:
        name = f"partner-{partner}.main"
        return self._stack.role(name) or {}, self._stack.permissions(name)

    def _printed(self) -> list[str]:
        """Each line that was printed is one JSON object."""
        text = self._heard.getvalue()
        self._heard.seek(0)
        self._heard.truncate()
        return [
            f"printed {line!a:.200}" for line in text.split("\n") if line and not _is_object(line)
        ]


def _batch(bodies: dict[str, str]) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": name, "body": body, "eventSource": "aws:sqs"}
            for name, body in bodies.items()
        ]
    }


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _same_text(found: str, text: str) -> bool:
    """Whether a text is the other, with `?` for what IAM does not take."""
    return len(found) == len(text) and all(
        one == other or (one == "?" and ord(other) > 0x7E)
        for one, other in zip(found, text, strict=True)
    )


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
