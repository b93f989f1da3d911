"""What the template declares of a function."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FunctionSpec:
    """A function's properties.

    `timeout` is in seconds; `reserved` is the reserved concurrency, if there is one.
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

    @property
    def access_key(self) -> str:
        """What the function signs its calls with, so that its calls can be told apart."""
        return f"FUNCTION{self.logical_id}"
