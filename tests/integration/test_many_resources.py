"""More resources than one transaction takes: none is lost, and none is reported too early."""

from typing import Any

import pytest

from latchkey.runtime import clients
from tests.integration.test_access_history import reader, who
from tests.kit.examples import ACCOUNT, NOW
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

LEFT_OVER = "q99"
"""The last by its name, which the first transaction's worth of writes has no room for."""


def _many_queues(stack: StackDriver, number: int) -> dict[str, Any]:
    stack.guard(allow_custom=True)
    names = [f"q{n}" for n in range(number)]
    for name in names:
        aws("sqs").create_queue(QueueName=name)
    arns = [f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}" for name in names]
    statements = [
        {"Action": "sqs:SendMessage", "Resource": arns[begin : begin + 20]}
        for begin in range(0, number, 20)
    ]
    return {"access": [{"service": "custom", "statements": statements}]}


def test_more_resources_than_a_transaction_takes_are_all_found(stack: StackDriver) -> None:
    stack.upload(**_many_queues(stack, 120))
    run = stack.run(FILE)
    written = run.calls.count("dynamodb:TransactWriteItems")
    assert (run.outcome, written) == ("created", 3)  # what is claimed, and the record in two
    for name in ("sqs:q0", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q57", LEFT_OVER):
        (found,) = reader().who_had_access(name, NOW)
        assert (found["may"], found["service"]) == (["send"], "sqs")


def test_run_that_dies_between_its_transactions_is_known_by_what_it_began(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.upload(**_many_queues(stack, 120))
    client: Any = clients.client("dynamodb")
    written: list[Any] = []
    write = client.transact_write_items

    def die(**transaction: Any) -> Any:
        if written:
            raise MemoryError
        written.append(write(**transaction))

    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["applied"] = stack.invoke("grant_access", state)
    with monkeypatch.context() as patch:
        patch.setattr(client, "transact_write_items", die)
        with pytest.raises(MemoryError):
            stack.invoke("record_outcome", state)
    asked = ("sqs:q0", "sqs:q57", f"sqs:{LEFT_OVER}")
    begun = [["acme.main"]] * 3  # what was begun counts, whether it is recorded or not
    assert [who(name, NOW) for name in asked] == begun
    stack.invoke("record_outcome", state)
    assert [who(name, NOW) for name in asked] == [["acme.main"]] * 3
