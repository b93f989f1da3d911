"""The start of a function's process: what it loads is there to stay.

Whoever is imported by all functions imports this first. Python looks for garbage each few hundred
new objects, and while modules and clients are loaded there are hundreds of thousands, none of which
are garbage: looking takes a tenth of a cold start. So it waits until the function is `ready`, and
then never looks through what had been loaded by then.
"""

import gc
import os

gc.disable()

# Where pydantic would look through all installed packages for plugins that it does not have here.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def ready() -> None:
    """The first use case is built: what is made from now on is looked through as always."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
