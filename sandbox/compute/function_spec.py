"""What the template declares of a function."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FunctionSpec:
    """A function's properties.

    `timeout` is in seconds; `reserved` is the reserved concurrency, if there is one; `access_key`
    is of the session of its role.
    """

    name: str
    logical_id: str
    arn: str
    handler: str
    code: Path
    layers: tuple[Path, ...]
    variables: Mapping[str, str]
    memory: int
    timeout: float
    reserved: int | None = None
    access_key: str = "any"
