"""A call of AWS by which a partner sees that its access works."""

from collections.abc import Mapping
from typing import Any

from latchkey.frozen import Frozen

TEST_NAME = "latchkey-test"
"""What a call that has to leave something behind writes: an object's key, a message, an event."""


class Call(Frozen):
    """One call; `shown` is what of the answer is worth showing, as a JMESPath query.

    `client` is boto3's name of the service, and `program` that of the AWS CLI where it is another.
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
