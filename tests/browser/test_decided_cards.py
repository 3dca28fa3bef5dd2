"""What a card offers once it is decided: the way back and the way out, nothing that decides anew."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, card, sign_in

SEEN = """card => [...card.querySelectorAll('button, a')]
    .filter(each => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter(each => each.closest('.decide'))
    .map(each => each.value || each.className)"""


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("decision", ["release", "remove:hate"])
def test_it_offers_undo_and_the_way_to_the_platform_and_no_other_decision(
    visit, scene, viewport, decision
):
    page = visit(viewport)
    sign_in(page, scene.anna)
    there = card(page, scene.held[0])
    if decision == "release":
        there.locator(".release").click()
    else:
        page.keyboard.type("jx1")
    expect(there.locator(".undo")).to_be_visible()
    page.wait_for_timeout(600)  # what settles has settled
    assert sorted(there.evaluate(SEEN)) == ["button open", "undo"]


def test_a_late_second_click_where_a_rule_stood_removes_nothing(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    there = card(page, scene.held[0])
    box = there.locator(".rules button").first.bounding_box()
    there.locator(".release").click()
    expect(there).to_contain_text("Przepuszczono")
    page.wait_for_timeout(600)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    assert [verb for verb, *_more in scene.decided(scene.held[0])] == ["release"]
