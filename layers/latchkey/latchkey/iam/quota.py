"""Quotas of AWS that grants use up."""

from latchkey.frozen import Frozen

NEAR = 80
"""Percent from which on an alarm asks for more room."""


class Quota(Frozen):
    """How much is `used` of the `most` that AWS allows."""

    used: int
    most: int

    @property
    def percent(self) -> float:
        """How full it is, from 0; a quota of nothing is full."""
        return 100 * self.used / self.most if self.most else 100.0
