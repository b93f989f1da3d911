"""The house on moto, for the contract between roles and what the functions do."""

from tests.integration.conftest import house

__all__ = ["house"]
