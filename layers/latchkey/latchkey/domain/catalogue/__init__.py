"""The services that a config may name, each one module with its schema and its statements.

Adding a service is one module here with an `Entry` and `allowances`, one line in each of the two
tables below, its lookup in `latchkey.aws.preflight`, and its tests.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field

from latchkey.domain.catalogue import s3, secretsmanager
from latchkey.domain.catalogue.entry import Allowance

AccessEntry = Annotated[s3.S3Access | secretsmanager.SecretAccess, Field(discriminator="service")]

ALLOWANCES: Mapping[str, Callable[[Any, Any, Any], tuple[Allowance, ...]]] = {
    "s3": s3.allowances,
    "secretsmanager": secretsmanager.allowances,
}
