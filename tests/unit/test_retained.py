"""What `teardown --delete-data` leaves: a bucket whose objects are locked."""

from typing import Any

import pytest

from latchkey_cli.teardown.retained import Retained, delete_data


class _Stack:
    """A stack whose buckets are empty; it notes which of them are deleted."""

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.open: list[str] = []

    def client(self, _: str) -> Any:
        """Its own client."""
        return self

    def get_paginator(self, _: str) -> Any:
        """Its own paginator."""
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        """No versions."""
        return []

    def get_bucket_policy(self, **given: str) -> dict[str, str]:
        """As S3."""
        return {"Policy": f"of {given['Bucket']}"}

    def put_bucket_policy(self, **given: str) -> None:
        """As S3."""
        self.open.remove(given["Policy"].removeprefix("of "))

    def delete_bucket_policy(self, **given: str) -> None:
        """As S3."""
        self.open.append(given["Bucket"])

    def delete_bucket(self, **given: str) -> None:
        """As S3."""
        self.deleted.append(given["Bucket"])


def _bucket(name: str, **properties: Any) -> Retained:
    return Retained(name, "AWS::S3::Bucket", name, properties, "Retain")


def test_a_bucket_whose_objects_are_locked_is_left() -> None:
    stack: Any = _Stack()
    found = (_bucket("results"), _bucket("facts", ObjectLockEnabled=True), _bucket("config"))
    assert [*delete_data(stack, found)] == ["S3 bucket results", "S3 bucket config"]
    assert stack.open == stack.deleted == ["results", "config"], "policies may deny to empty them"


def test_a_bucket_that_cannot_be_emptied_has_its_policy_again() -> None:
    stack: Any = _Stack()
    stack.paginate = _fails
    with pytest.raises(RuntimeError):
        list(delete_data(stack, (_bucket("config"),)))
    assert (stack.open, stack.deleted) == ([], [])


def _fails(**_: Any) -> None:
    raise RuntimeError("no answer")
