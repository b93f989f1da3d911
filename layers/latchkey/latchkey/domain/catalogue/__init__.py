"""The services that a config may name, each one module with its schema and its statements.

Adding a service is one module here, one line in `AccessEntry`, and its lookup in
`latchkey.aws.preflight`; `docs/catalogue.md` goes through it.
"""

from typing import Annotated, get_args

from pydantic import Field

from latchkey.domain.catalogue.custom import CustomAccess
from latchkey.domain.catalogue.dynamodb import TableAccess
from latchkey.domain.catalogue.entry import Entry
from latchkey.domain.catalogue.events import EventBusAccess
from latchkey.domain.catalogue.kinesis import StreamAccess
from latchkey.domain.catalogue.lambda_ import FunctionAccess
from latchkey.domain.catalogue.s3 import S3Access
from latchkey.domain.catalogue.secretsmanager import SecretAccess
from latchkey.domain.catalogue.sns import TopicAccess
from latchkey.domain.catalogue.sqs import QueueAccess
from latchkey.domain.catalogue.ssm import ParameterAccess

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
