"""The start of the sandbox's process; whoever runs it imports this before anything of moto's.

What is loaded is there to stay: to look for garbage meanwhile took a sixth of the start.
"""

import gc
import sys
from collections import defaultdict
from typing import Any

from botocore.loaders import Loader

gc.disable()
if "pytest" not in sys.modules:
    sys.modules["pytest"] = None  # type: ignore[assignment]  # time_machine would import all of it


def ready() -> None:
    """The sandbox has started: collect garbage as usual from now on."""
    gc.freeze()
    gc.enable()


def _share_models() -> None:
    """Have all sessions of this process read a model once; moto has a new session for each use."""
    shared: dict[Any, dict[Any, Any]] = defaultdict(dict)
    cache = property(lambda self: shared[tuple(self.search_paths)], lambda *_: None)
    Loader._cache = cache  # type: ignore[attr-defined]  # noqa: SLF001 (botocore's own way)


_share_models()
