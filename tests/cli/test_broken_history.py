"""A history that somebody wrote to: `doctor` names it, and who reads about the grant is told."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.desk import Desk
from tests.cli.healthy import verdicts
from tests.kit.stack.aws import FILE, TABLE, aws

GRANT = "GRANT#acme.main"


def _keys(desk: Desk, kind: str) -> list[str]:
    return sorted(i["sk"] for i in desk.stack.items() if (i["pk"], i["sk"][:5]) == (GRANT, kind))


def _key(sk: str) -> dict[str, Any]:
    return {"pk": {"S": GRANT}, "sk": {"S": sk}}


def _set(sk: str, name: str) -> None:
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key=_key(sk),
        UpdateExpression="SET #n = :v",
        ExpressionAttributeNames={"#n": name},
        ExpressionAttributeValues={":v": {"S": "somebody else's"}},
    )


def _delete(*sort_keys: str) -> None:
    for sk in sort_keys:
        aws("dynamodb").delete_item(TableName=TABLE, Key=_key(sk))


BROKEN: dict[str, tuple[Callable[[Desk], None], str]] = {
    "an event": (lambda d: _set(_keys(d, "EVENT")[0], "reason"), "was changed; expected"),
    "what it allowed": (lambda d: _set(_keys(d, "ACCES")[0], "fact"), "was changed; expected"),
    "the state": (lambda _: _set("STATE", "reason"), "STATE was changed; expected"),
    "an event deleted": (lambda d: _delete(_keys(d, "EVENT")[0]), "is missing; ACCESS#"),
    "the tail": (lambda d: _delete(_keys(d, "EVENT")[-1]), "is missing; "),
    "the head": (lambda _: _delete("CHAIN"), "CHAIN, which names the last entry, is missing"),
    "an event added": (lambda _: _set("EVENT#2030-01-01T00:00:00.000000Z#x", "event"), "was added"),
}


@pytest.mark.parametrize(("tamper", "words"), BROKEN.values(), ids=BROKEN)
def test_doctor_and_show_name_the_first_broken_link(
    well: Desk, tamper: Callable[[Desk], None], words: str
) -> None:
    well.stack.upload(purpose="Another purpose")
    well.stack.run(FILE)
    assert verdicts(well)["history"]["status"] == "ok"
    well.stack.rewritten = True
    tamper(well)
    found = verdicts(well)
    assert {n: c["status"] for n, c in found.items() if c["status"] != "ok"} == {"history": "fail"}
    assert found["history"]["text"].startswith("1 history broken: acme.main: ")
    assert words in found["history"]["text"]
    assert found["history"]["section"] == "a-broken-history"
    shown = well("show", "acme")
    assert f"warning: acme.main: {found['history']['text'].partition('acme.main: ')[2]}" in (
        shown.stderr
    )
    ask = ("who-had-access", "data-bucket", "--at", "2026-02-01")
    for question in (ask, ("partner-access", "acme")):
        told = well(*question)
        assert told.exit_code == 0
        assert "warning: acme.main: " in told.stderr, told.stdout


def test_grant_that_only_the_register_knows_is_named(well: Desk) -> None:
    well.stack.rewritten = True
    well.ok("register", "--publish")
    _delete(*(i["sk"] for i in well.stack.items() if i["pk"] == GRANT))
    text = verdicts(well)["history"]["text"]
    assert text == "1 history broken: acme.main: all of it is missing; the register lists the grant"


def test_rejections_of_a_file_that_names_no_grant_are_checked(well: Desk) -> None:
    for body in (b"{", b"[", b"("):
        well.stack.upload(body, "partners/broken.json")
        well.stack.run({**FILE, "key": "partners/broken.json"})
    assert verdicts(well)["history"]["text"].startswith("2 with 5 entries")
    well.stack.rewritten = True
    keys = sorted(i["sk"] for i in well.stack.items() if i["pk"] == "CONFIG#partners/broken.json")
    key = {"pk": {"S": "CONFIG#partners/broken.json"}, "sk": {"S": keys[1]}}
    aws("dynamodb").delete_item(TableName=TABLE, Key=key)
    text = verdicts(well)["history"]["text"]
    assert text.startswith("1 history broken: the file partners/broken.json: EVENT#")


def test_history_from_before_the_chain_is_no_alarm(well: Desk) -> None:
    for item in well.stack.items():
        if item["pk"] != GRANT:
            continue
        if item["sk"] == "CHAIN":
            _delete("CHAIN")
        elif "chain" in item:
            aws("dynamodb").update_item(
                TableName=TABLE, Key=_key(item["sk"]), UpdateExpression="REMOVE chain"
            )
    found = verdicts(well)["history"]
    assert found["status"] == "ok"
    assert found["text"].endswith("2 from before there was a chain")
    well.stack.upload(purpose="Another purpose")
    well.stack.run(FILE)
    found = verdicts(well)["history"]
    assert found["text"].endswith(
        "2 entries, each as it was written; 2 from before there was a chain"
    )
