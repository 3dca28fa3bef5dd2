"""A moderator's work from sign-in to sign-out, as a browser shows it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from models import Decision, Report, User, Violation
from tests.browser.conftest import DESKTOP, PHONE, card, settled, sign_in, sign_in_by_hand
from tests.cast import PASSWORD, fresh, user


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_sign_in_release_remove_undo_keep_sign_out(visit, scene, viewport, javascript):
    page = visit(viewport, javascript=javascript)
    first, second, third = scene.held
    anna = scene.anna.name

    page.goto("/queue/held")
    expect(page).to_have_url(re.compile("/people/sign-in"))  # nothing is shown to a stranger
    sign_in_by_hand(page, scene.anna)
    expect(_count(page, "held")).to_have_text("3")

    card(page, first).get_by_role("button", name="Przepuść", exact=True).click()
    expect(card(page, first)).to_contain_text(f"Przepuszczono – {anna}")
    expect(card(page, first).locator(".state")).to_have_text("opublikowany")
    expect(_count(page, "held")).to_have_text("2")

    card(page, second).get_by_role("button", name="★ Hejt – atak na osobę").click()
    expect(card(page, second)).to_contain_text(f"Usunięto – {anna}")
    expect(card(page, second).locator(".tags")).to_contain_text("Hejt – atak na osobę")
    expect(card(page, second).locator(".state")).to_have_text("usunięty")
    expect(_count(page, "held")).to_have_text("1")
    removal = Decision.get(Decision.entry == second, Decision.verb == "remove")
    assert [v.rule.code for v in removal.tagged] == ["hate"]

    card(page, second).get_by_role("button", name="Cofnij").click()
    expect(card(page, second)).to_contain_text(f"Cofnięto – {anna}")
    expect(card(page, second).locator(".state")).to_have_text("zatrzymany")
    expect(card(page, second).locator(".tags")).to_have_count(0)
    expect(_count(page, "held")).to_have_text("2")

    page.get_by_role("navigation", name="Listy").get_by_role("link", name="Zgłoszone").click()
    expect(_count(page, "reported")).to_have_text("1")
    card(page, scene.reported).get_by_role("button", name="Zostaw").click()
    expect(card(page, scene.reported)).to_contain_text(f"Zostawiono – {anna}")
    expect(card(page, scene.reported).locator(".state")).to_have_text("opublikowany")
    expect(_count(page, "reported")).to_have_text("0")

    page.get_by_role("button", name="Wyloguj się").click()
    expect(page.get_by_label("Hasło")).to_be_visible()
    page.goto("/queue/held")
    expect(page.get_by_label("Hasło")).to_be_visible()

    assert scene.decided(first) == [("release", "held", "published", anna)]
    assert scene.decided(second) == [
        ("remove", "held", "removed", anna),
        ("undo", "removed", "held", anna),
    ]
    assert scene.decided(third) == []
    assert scene.decided(scene.reported) == [("keep", "published", "published", anna)]
    assert [fresh(entry).state for entry in scene.held] == ["published", "held", "held"]
    assert not Violation.select().where(Violation.entry == second, Violation.untagged.is_null())
    assert [report.state for report in scene.reported.reports] == [Report.REJECTED]
    assert not fresh(scene.reported).is_reported


def test_with_javascript_a_decision_leaves_the_list_where_it_stood(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.evaluate("window.before = 'the same page'")
    ids = [f"entry-{entry.id}" for entry in scene.held]
    card(page, scene.held[1]).get_by_role("button", name="Przepuść", exact=True).click()
    expect(card(page, scene.held[1])).to_contain_text("Przepuszczono")
    assert page.evaluate("window.before") == "the same page"
    assert [each.get_attribute("id") for each in page.locator("article").all()] == ids


def test_without_javascript_a_decision_comes_back_to_its_list(visit, scene):
    page = visit(javascript=False)
    sign_in(page, scene.anna)
    page.goto(f"/queue/held?group={scene.group.slug}")
    card(page, scene.held[1]).get_by_role("button", name="Przepuść", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/queue/held\?group={scene.group.slug}&decided=\d+$"))
    expect(page.locator("article").first).to_contain_text("Przepuszczono")
    expect(page.locator(".cards article")).to_have_count(2)
    page.reload()  # the form is not sent again
    assert len(scene.decided(scene.held[1])) == 1


def test_the_page_of_an_entry_tells_what_happened_to_it(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    entry = scene.held[0]
    card(page, entry).get_by_role("button", name="★ Hejt – atak na osobę").click()
    expect(card(page, entry)).to_contain_text("Usunięto")
    card(page, entry).locator(".when").click()
    expect(page.get_by_role("heading", name="Historia")).to_be_visible()
    told = page.locator(".trail li").all_inner_texts()
    assert "Wpłynęło" in told[0]
    assert any(f"Usunięto – {scene.anna.name}" in line and "Hejt" in line for line in told)
    expect(page.locator("mark").first).to_have_text("idiota")


def _count(page: Page, name: str):
    return page.locator(f"#lists .{name} .count")


def test_a_decision_on_an_entrys_own_page_shows_in_its_story_at_once(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    entry = scene.held[0]
    page.goto(f"/entries/{entry.id}")
    card(page, entry).get_by_role("button", name="Przepuść", exact=True).click()
    expect(page.locator(".trail")).to_contain_text(f"Przepuszczono – {scene.anna.name}")
    expect(card(page, entry)).to_contain_text("Cofnij")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_on_a_phone_rules_are_in_sheets(visit, scene, javascript):
    page = visit(PHONE, javascript=javascript)
    sign_in(page, scene.anna)
    first, second, _third = scene.held
    _choose(card(page, second), "Usuń…", "Spam i reklama")
    tag = card(page, first).get_by_role("link", name="Oznacz…")
    if javascript:
        _choose(card(page, first), tag, "Groźby")
    else:  # the sheet is on the entry's own page
        tag.click()
        _choose(card(page, first), "Oznacz…", "Groźby")
    assert [fresh(entry).state for entry in (first, second)] == ["held", "removed"]


def test_the_administrator_releases_at_night_from_the_link_of_an_alert(visit, scene):
    chief = user(f"chief-{scene.group.slug}", User.ADMINISTRATOR)
    entry = scene.held[0]
    page = visit(PHONE)
    page.goto(f"/entries/{entry.id}")
    page.get_by_label("Nazwa użytkownika").fill(chief.name)
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się").click()
    expect(page).to_have_url(re.compile(f"/entries/{entry.id}$"))
    page.wait_for_load_state("load")
    button = page.get_by_role("button", name="Przepuść", exact=True)
    settled(page)
    assert button.evaluate(
        """button => {
            const {x, y, width, height} = button.getBoundingClientRect();
            const corners = [[x + 4, y + 4], [x + width - 4, y + height - 4]];
            return corners.every(at => document.elementFromPoint(...at) === button);
        }"""
    ), "it can be tapped without scrolling"
    button.click()
    expect(page.locator(".trail")).to_contain_text(f"Przepuszczono – {chief.name}")
    assert scene.decided(entry) == [("release", "held", "published", chief.name)]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_language_that_was_chosen_stays_with_the_user(visit, scene, viewport):
    page = visit(viewport)
    sign_in(page, scene.anna)
    page.goto("/people/account")
    page.get_by_role("button", name="English").click()
    page.goto("/queue/held")
    expect(page.get_by_role("heading", level=1)).to_have_text("Held")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    elsewhere = visit(viewport)
    elsewhere.goto("/")
    elsewhere.get_by_label("Nazwa użytkownika").fill(scene.anna.name)
    elsewhere.get_by_label("Hasło").fill(PASSWORD)
    elsewhere.get_by_role("button", name="Zaloguj się").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Held")
    there = card(elsewhere, scene.held[0])
    there.get_by_role("button", name="Release", exact=True).click()
    expect(there).to_contain_text("Released")


def _choose(there: Locator, opens: str | Locator, rule: str) -> None:
    """Opens a card's sheet, and takes the rule in it."""
    button = there.get_by_role("button", name=rule, exact=True)
    expect(button).to_have_count(0)
    if isinstance(opens, str):
        opens = there.get_by_role("button", name=opens, exact=True)
    opens.click()
    assert button.bounding_box()["height"] >= 44
    button.click()
    expect(there.locator(".tags")).to_contain_text(rule)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_an_account_is_switched_off_only_after_a_question_in_place(visit, scene, javascript):
    page = visit(javascript=javascript)
    sign_in(page, user("szefowa", User.ADMINISTRATOR))
    page.goto("/people/users")
    panel = page.locator("section.panel", has_text=scene.jan.name)
    panel.get_by_text("Wyłącz konto…").click()
    assert fresh(scene.jan).active
    expect(panel).to_contain_text("Jej decyzje zostają")
    panel.get_by_role("button", name=f"Wyłącz konto: {scene.jan.name}").click()
    expect(panel).to_contain_text("wyłączone")
    assert not fresh(scene.jan).active
