"""A stack on moto for each test, and what its functions write."""

from tests.integration.log_lines import written
from tests.kit.stack.fixtures import stack

__all__ = ["stack", "written"]
