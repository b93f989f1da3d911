"""A call of AWS by which a partner sees that its access works."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from latchkey.frozen import Frozen

TEST_NAME = "latchkey-test"
"""What a call that has to leave something behind writes: an object's key, a message, an event."""

TEST_DATA = "bGF0Y2hrZXktdGVzdA=="
"""The same as data: version 2 of the AWS CLI reads Base64, others take it as it is (AWS CLI user
guide, "New features and changes in the AWS CLI version 2")."""

PLACEHOLDER = "YOUR-"
"""How texts begin that only the partner can know."""


class Call(Frozen):
    """One call; `shown` is what of the answer is worth showing, as a JMESPath query.

    `client` is boto3's name of the service, and `program` that of the AWS CLI where it is another.
    Parameters may be `Found` in the answer of another call. `needs` are the IAM actions that the
    call takes, where they are not the operation's name.
    `leaves` says in words what the call leaves behind, where there is no call that leaves nothing.
    With `outfile` the AWS CLI wants a file for the answer's body.
    """

    client: str
    operation: str
    parameters: Mapping[str, Any]
    shown: str
    leaves: str = ""
    program: str = ""
    outfile: bool = False
    needs: tuple[str, ...] = ()

    def all_needs(self, service: str) -> frozenset[str]:
        """The IAM actions that the call takes, with those of the calls before it."""
        named = "".join(word.capitalize() for word in self.operation.split("-"))
        before = (found.call.all_needs(service) for found in self.found)
        return frozenset(self.needs or (f"{service}:{named}",)).union(*before)

    @property
    def found(self) -> Iterator["Found"]:
        """The parameters that are found in answers of other calls."""
        yield from (value for value in self.parameters.values() if isinstance(value, Found))

    @property
    def asks(self) -> bool:
        """Whether a parameter is the partner's to fill in."""
        return PLACEHOLDER in str(self.parameters)


class Found(Frozen):
    """A value in the answer of a call: `member` of the first of `items`, or of the answer."""

    call: Call
    member: str
    items: str = ""


def possible(calls: Iterable[Call], service: str, actions: Iterable[str]) -> Iterator[Call]:
    """The calls that take no more than some IAM actions, each of them once."""
    allowed, seen = frozenset(actions), list[Call]()
    for call in calls:
        if call.all_needs(service) <= allowed and call not in seen:
            seen.append(call)
            yield call


def grouped(name: str) -> dict[str, str]:
    """What a message to a FIFO queue or topic has to have (SQS and SNS API references)."""
    if not name.endswith(".fifo"):
        return {}
    return {"MessageGroupId": TEST_NAME, "MessageDeduplicationId": TEST_NAME}
