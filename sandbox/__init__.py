"""A local AWS with Latchkey deployed in it: `python -m sandbox`, or `with Sandbox() as box`."""

from sandbox.client import Sandbox

__all__ = ["Sandbox"]
