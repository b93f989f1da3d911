"""The services that a config may name, each one module with its schema and its statements.

Adding a service is one module here, one line in `AccessEntry`, and its lookup in
`latchkey.aws.preflight`; `docs/catalogue.md` goes through it.
"""

from typing import Annotated, get_args

from pydantic import Field

from latchkey.services.custom.entry import CustomAccess
from latchkey.services.dynamodb.entry import TableAccess
from latchkey.services.entry import Entry
from latchkey.services.events.entry import EventBusAccess
from latchkey.services.kinesis.entry import StreamAccess
from latchkey.services.lambda_.entry import FunctionAccess
from latchkey.services.s3.entry import S3Access
from latchkey.services.secretsmanager.entry import SecretAccess
from latchkey.services.sns.entry import TopicAccess
from latchkey.services.sqs.entry import QueueAccess
from latchkey.services.ssm.entry import ParameterAccess

AccessEntry = Annotated[
    S3Access
    | SecretAccess
    | QueueAccess
    | TopicAccess
    | TableAccess
    | FunctionAccess
    | ParameterAccess
    | EventBusAccess
    | StreamAccess
    | CustomAccess,
    Field(discriminator="service"),
]

ENTRIES: tuple[type[Entry], ...] = get_args(get_args(AccessEntry)[0])
SERVICES: tuple[str, ...] = tuple(
    get_args(entry.model_fields["service"].annotation)[0] for entry in ENTRIES
)
"""The names of all services of the catalogue, `custom` among them."""
