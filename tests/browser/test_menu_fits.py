"""The menu at the desk's usual screen, with every service on."""

import pytest
from playwright.sync_api import Page, ViewportSize

DESK = ViewportSize(width=1366, height=768)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("who", ["magda", "sonia"])
def test_every_entry_is_seen_without_scrolling(who: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(who)
    page.set_viewport_size(DESK)

    page.goto("/ampere/desk")

    entries = page.get_by_role("navigation", name="Services").get_by_role("link")
    boxes = [each.bounding_box() for each in entries.all() if each.is_visible()]
    assert len(boxes) >= 13
    assert max(box["y"] + box["height"] for box in boxes if box) <= DESK["height"]
    assert min(box["height"] for box in boxes if box) >= 24  # WCAG 2.2, target size
