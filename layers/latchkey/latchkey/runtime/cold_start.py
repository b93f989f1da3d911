"""The start of a function's process: what it loads is there to stay.

Whoever is imported by all functions imports this first. Python looks for garbage each few thousand
new objects, and while modules and clients are loaded there are hundreds of thousands, none of which
are garbage: looking takes a tenth of a cold start. So it looks seldom until the function is
`ready`, and never again through what had been loaded by then.
"""

import gc
import os

MANY = 1_000_000
"""More objects than any function loads; a process that is never ready is collected all the same."""

_USUAL = gc.get_threshold()
gc.set_threshold(MANY, *_USUAL[1:])

# Where pydantic would look through all installed packages for plugins that it does not have here.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def ready() -> None:
    """Initialization is complete: collect garbage as usual from now on."""
    if gc.get_threshold()[0] == MANY:
        gc.freeze()
        gc.set_threshold(*_USUAL)
