"""How full a quota is."""

import pytest
from latchkey.iam.quota import Quota


@pytest.mark.parametrize(
    ("used", "most", "percent"),
    [(0, 1000, 0.0), (800, 1000, 80.0), (1200, 1000, 120.0), (0, 0, 100.0)],
)
def test_percent(used: int, most: int, percent: float) -> None:
    assert Quota(used, most).percent == percent
