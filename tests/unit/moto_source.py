"""The source of what fixes of moto replace, in short."""

import hashlib
import inspect
from collections.abc import Callable
from typing import Any


def digest(replaced: Callable[..., Any]) -> str:
    """A digest of the source of a function: another one means that moto has changed it."""
    source = inspect.getsource(replaced)
    return hashlib.sha256(source.encode()).hexdigest()[:12]
