"""A stack on moto for each test."""

from tests.kit.stack.fixtures import house

__all__ = ["house"]
