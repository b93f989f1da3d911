"""The register in Chromium on a telephone: what there is room for is seen."""

from datetime import datetime

import pytest

from tests.browser.conftest import Open
from tests.kit.documented.register import example

pytestmark = pytest.mark.browser


def test_graph_and_badges_fit_a_telephone(open_page: Open, now: datetime) -> None:
    opened = open_page(example(now), "#view=graph", width=400)
    boxes = [node.bounding_box() for node in opened.page.locator(".node").all()]
    assert len(boxes) > 40
    assert max(box["x"] + box["width"] for box in boxes if box) <= 400, "no column is cut off"
    opened = open_page(example(now), width=400)
    badges = [each.bounding_box() for each in opened.page.locator(".service").all()[:20]]
    assert {round(box["height"]) for box in badges if box} <= {18, 19}, "none has two lines"
    items = opened.page.locator(".grant").first.locator(".access li:not(.quiet)")
    starts = {
        round(box["x"]) for one in items.locator(".clip").all() if (box := one.bounding_box())
    }
    assert len(starts) == 1, "names stand below each other"
    gaps = opened.page.locator(".grant .access").evaluate_all(
        """all => all.map(one => {
            const badges = [...one.querySelectorAll(".service")];
            const names = [...one.querySelectorAll(".clip")];
            const end = Math.max(...badges.map(each => each.getBoundingClientRect().right));
            return Math.min(...names.map(each => each.getBoundingClientRect().left)) - end;
        })"""
    )
    assert max(gaps) < 16, "no room is left empty between badges and names, which are cut off"
