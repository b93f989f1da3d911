"""A stack on moto, for the contract between roles and what the functions do."""

from tests.kit.stack.fixtures import stack

__all__ = ["stack"]
