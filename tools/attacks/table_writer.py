"""Somebody who may write to the grant table, every item of it, and nothing else."""

import json
from collections.abc import Callable
from typing import Any

from latchkey_cli.aws.stack import Stack
from latchkey_cli.grants.chains import checked, in_words, known_partitions
from sandbox.demo.people import refusal
from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT
from tools.attacks.ground import HOUR, Ground, statement
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target


class TableWriter:
    """A session that may put, update and delete any item of the table."""

    def __init__(self, ground: Ground, target: Target) -> None:
        self._table = ground.box.outputs["GrantTableName"]
        arn = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{self._table}"
        may = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
        self._client = ground.person("writer", statement(*may, on=arn))("dynamodb")
        self._ground, self.grant = ground, f"{target.partner}.main"
        self.pk = f"GRANT#{self.grant}"

    def keys(self, kind: str) -> list[str]:
        """The sort keys of the grant's items of a kind, in their order."""
        found = (item["sk"] for item in self._ground.outside.history(self.grant))
        return sorted(sk for sk in found if sk.startswith(kind))

    def set(self, sk: str, name: str, value: Any) -> None:
        """Write an attribute of an item, which may not be there yet."""
        self._client.update_item(
            TableName=self._table,
            Key=self._key(sk),
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )

    def delete(self, *sort_keys: str) -> None:
        """Delete items of the grant."""
        for sk in sort_keys:
            self._client.delete_item(TableName=self._table, Key=self._key(sk))

    def put(self, item: dict[str, Any]) -> None:
        """Write an item anywhere in the table."""
        self._client.put_item(TableName=self._table, Item=item)

    def _key(self, sk: str) -> dict[str, Any]:
        return {"pk": {"S": self.pk}, "sk": {"S": sk}}


def _texts(value: str) -> dict[str, str]:
    return {"S": value}


def _config(target: Target) -> str:
    return json.dumps(target.config(principals=[OTHER_ACCOUNT], external_id="mine-0123456789"))


STATES: dict[str, Callable[[TableWriter, Target], None]] = {
    "another config": lambda w, t: w.set("STATE", "config", _texts(_config(t))),
    "another external ID": lambda w, _: w.set("STATE", "external_id", _texts("mine-0123456789")),
    "a later end": lambda w, _: w.set("STATE", "expires_at", _texts("2099-01-01T00:00:00Z")),
    "an order to resume": lambda w, _: w.set("STATE", "instruction", _texts("resume")),
    "no file": lambda w, _: w.set("STATE", "config_key", {"NULL": True}),
    "another role": lambda w, _: w.set("STATE", "role_digest", _texts("0" * 64)),
}


@attack(STATES, short=("another config", "a later end"))
def state_that_grants(ground: Ground, write: Callable[[TableWriter, Target], None]) -> None:
    """Writes into the state of a live grant, to let somebody in or to keep somebody in."""
    target = ground.granted(hours=6)
    before = _granted(ground, target)
    writer = TableWriter(ground, target)
    write(writer, target)
    _named(ground, writer, "STATE")
    for round_ in ("check", "after the hourly check"):
        if round_ == "check":
            ground.outside.start({"action": "check", "partner": target.partner})
        else:
            ground.advance(1.1 * HOUR)
        assert _granted(ground, target) == before, f"the role was changed ({round_})"
        found = refusal(lambda: ground.assume(target, account=OTHER_ACCOUNT))
        assert found, f"a stranger gets in ({round_})"
    ground.advance(5 * HOUR)
    ground.shut(target)


@attack(short=True, always=True)
def state_out_of_nothing(ground: Ground) -> None:
    """Writes a state for a grant that never was, with a config and an order to resume."""
    target = ground.target()
    writer = TableWriter(ground, target)
    state = {
        "pk": writer.pk,
        "sk": "STATE",
        "partner": target.partner,
        "grant": "main",
        "status": "suspended",
        "instruction": "resume",
        "config": _config(target),
        "role_arn": target.role_arn,
        "live": "LIVE",
        "expires_at": target.expires_at,
    }
    writer.put({name: {"S": value} for name, value in state.items()})
    _named(ground, writer, "STATE")
    for request in ({"action": "resume"}, {"action": "check"}):
        ground.outside.start({**request, "partner": target.partner})
    assert ground.role(target.role) is None, "a role was made of it"
    writer.delete("STATE")


HISTORIES: dict[str, Callable[[TableWriter], None]] = {
    "an event": lambda w: w.set(w.keys("EVENT#")[0], "reason", _texts("nothing happened")),
    "who asked for it": lambda w: w.set(w.keys("EVENT#")[-1], "requested_by", _texts("root")),
    "what it allowed": lambda w: w.set(w.keys("ACCESS#")[0], "allows", {"L": []}),
    "one that is deleted": lambda w: w.delete(w.keys("EVENT#")[1]),
    "the tail": lambda w: w.delete(w.keys("EVENT#")[-1], w.keys("ACCESS#")[-1]),
    "the tail and the head": lambda w: w.delete(w.keys("EVENT#")[-1], "CHAIN"),
    "one that is added": lambda w: w.set(f"EVENT#{_LATER}#run", "event", _texts("AccessRevoked")),
    "one that ends by itself": lambda w: w.set(w.keys("EVENT#")[0], "delete_after", {"N": "1"}),
}
_LATER = "2098-01-01T00:00:00.000000Z"


@attack(HISTORIES, short=("an event", "the tail", "one that is added"))
def history_rewritten(ground: Ground, write: Callable[[TableWriter], None]) -> None:
    """Rewrites what happened, deletes it, or adds to it."""
    target = ground.granted()
    for purpose in ("Another purpose", "A third purpose"):
        ground.outside.upload(target.key, target.config(purpose=purpose))
    before = _granted(ground, target)
    writer = TableWriter(ground, target)
    write(writer)
    _named(ground, writer)
    ground.outside.start({"action": "check", "partner": target.partner})
    ground.outside.upload(target.key, target.config(purpose="A fourth purpose"))
    assert _granted(ground, target) == before, "the role was changed"
    _named(ground, writer)


def _granted(ground: Ground, target: Target) -> Any:
    """Who may assume a role, and what it allows; not what is said about it."""
    role = ground.role(target.role)
    assert role, "there is no role"
    policy = ground.iam.get_role_policy(RoleName=target.role, PolicyName="latchkey-access")[
        "PolicyDocument"
    ]
    return role["AssumeRolePolicyDocument"], policy


def _named(ground: Ground, writer: TableWriter, *what: str) -> None:
    """`latchkey doctor` finds the history, and names what is broken in it."""
    stack = Stack("latchkey", region="us-east-1", profile=None, endpoint_url=ground.box.url)
    assert writer.pk in known_partitions(stack), "doctor does not find the history"
    found = checked(stack, writer.pk)
    assert found.first, "doctor finds nothing broken"
    text = in_words(writer.pk, found)
    missing = [one for one in (writer.grant, *what) if one not in text]
    assert not missing, f"doctor does not name {missing}: {text}"


run = suite(__name__)
