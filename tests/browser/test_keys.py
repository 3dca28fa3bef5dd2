"""The keyboard alone: a whole queue cleared with it, and every key that the help names."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from console.clock import today
from console.entries import decisions
from console.groups import contracts, units
from console.groups.builtin import BUILTIN_RULES
from models import Decision, Entry
from tests.browser.conftest import card, settled, sign_in
from tests.cast import author, fresh, rule, submission, take

CODES = list(BUILTIN_RULES)  # in the order of their digits

# What has the focus is whole on the screen, nothing lies on it, and it has an outline.
IS_SEEN = """focused => {
    const box = focused.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + 12);
    const {outlineStyle, outlineWidth} = getComputedStyle(focused);
    return box.top >= 0 && box.bottom <= innerHeight && focused.contains(top)
        && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""


@pytest.fixture
def twenty(scene) -> list[Entry]:
    return scene.held + [
        take(scene.group, id=f"more-{n}", text=f"Kolejny idiota, numer {n}.") for n in range(17)
    ]


def test_twenty_held_entries_are_cleared_with_the_keyboard_alone(visit, scene, twenty):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.press("j")
    for number, entry in enumerate(twenty):
        _has_the_focus(page, card(page, entry))
        if number % 5 == 2:  # named first, then released
            page.keyboard.type("t4")
            expect(card(page, entry).locator(".tags")).to_contain_text(BUILTIN_RULES[CODES[3]])
            _has_the_focus(page, card(page, entry))
        page.keyboard.type(f"x{number // 2 % 9 + 1}" if number % 2 else "r")
        expect(card(page, entry)).to_have_class(re.compile("decided"))
        if number == 11:  # taken back, and decided again
            _has_the_focus(page, card(page, twenty[12]))
            page.keyboard.press("z")
            expect(card(page, entry)).not_to_have_class(re.compile("decided"))
            _has_the_focus(page, card(page, entry))
            page.keyboard.press("r")
            expect(card(page, entry)).to_have_class(re.compile("decided"))
    _has_the_focus(page, card(page, twenty[19]))
    expect(page.locator("#lists .held .count")).to_have_text("0")

    for number, entry in enumerate(twenty):
        steps = [verb for verb, *_rest in scene.decided(entry)]
        named = {v.rule.code for v in entry.violations if v.untagged_id is None}
        removed = number % 2 == 1 and number != 11
        assert fresh(entry).state == ("removed" if removed else "published"), number
        assert steps == ["tag"] * (number % 5 == 2) + (
            ["remove", "undo", "release"] if number == 11 else ["remove" if removed else "release"]
        )
        said = {CODES[number // 2 % 9]} if removed else set()
        assert named == said | ({CODES[3]} if number % 5 == 2 else set()), number


def test_j_and_k_go_from_card_to_card_and_stay_at_the_ends(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        _has_the_focus(page, card(page, scene.held[at]))


def test_after_x_and_t_each_rule_shows_its_digit(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.press("j")
    for key in "xt":
        page.keyboard.press(key)
        buttons = card(page, scene.held[0]).locator(".rules.asked button")
        expect(buttons).to_have_text([re.compile(name) for name in BUILTIN_RULES.values()])
        shown = buttons.evaluate_all(
            "buttons => buttons.map(each => getComputedStyle(each, '::before').content)"
        )
        assert shown == ["counter(rule)"] * 9 + ["none"] * (len(BUILTIN_RULES) - 9)
        page.keyboard.press("Escape")


def test_e_keeps_and_only_where_there_is_something_to_keep(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.type("je")  # a held entry without a report
    page.keyboard.type("gr")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zgłoszone")
    page.wait_for_load_state("load")
    page.keyboard.type("je")
    expect(card(page, scene.reported)).to_contain_text("Zostawiono")
    assert scene.decided(scene.held[0]) == []
    assert [verb for verb, *_rest in scene.decided(scene.reported)] == ["keep"]


def test_h_holds_what_is_published(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.goto("/queue/reported")
    page.wait_for_load_state("load")
    page.keyboard.type("jh")
    expect(card(page, scene.reported).locator(".state")).to_have_text("zatrzymany")
    assert [verb for verb, *_rest in scene.decided(scene.reported)] == ["hold"]


@pytest.mark.parametrize("key", "xh")
def test_of_a_whitelisted_units_post_x_and_h_say_where_it_is_removed(visit, scene, key):
    day = today()
    contracts.sign(scene.group, day, day, 1)
    unit = units.name_unit(scene.group, "safety", "OSP", "OSP")
    osp = units.designate(unit, "osp", "OSP", "")
    entry = take(scene.group, id="osp-1", text="Zbiórka w remizie.", author=author(osp))
    page = visit()
    sign_in(page, scene.anna)
    page.goto("/queue/incoming")
    page.wait_for_load_state("load")
    page.keyboard.type(f"j{key}1")
    link = card(page, entry).locator(".own-page")
    expect(link).to_be_focused()
    expect(page.locator("#announcements")).to_have_text(
        "Usunąć lub zatrzymać można tylko na stronie wpisu"
    )
    assert scene.decided(entry) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Powód")).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.type(f"j{key}")
    expect(card(page, entry).locator(".own-page")).to_be_focused()


def test_x_and_t_are_called_off_by_escape_and_by_any_other_key(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    there = card(page, scene.held[0])
    for first in "xt":
        for second in ("Escape", "q"):
            page.keyboard.press("j" if first + second == "xEscape" else "Shift")
            page.keyboard.press(first)
            expect(there.locator(".asked")).to_have_count(1)
            page.keyboard.press(second)
            expect(there.locator(".asked")).to_have_count(0)
            page.keyboard.press("Escape")
            expect(page.locator(".rules:popover-open")).to_have_count(0)
            page.keyboard.press("1")
            _has_the_focus(page, there)
    page.wait_for_timeout(200)
    assert scene.decided(scene.held[0]) == []


def test_g_and_a_letter_go_to_a_list(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    for letter, name in (("n", "incoming"), ("h", "held"), ("r", "reported"), ("m", "mine")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        expect(page).to_have_url(re.compile(f"/queue/{name}$"))
        page.wait_for_load_state("load")


def test_o_opens_the_entry_on_its_platform(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    with page.context.expect_page() as opened:
        page.keyboard.type("jo")
    expect(opened.value).to_have_url(re.compile("^https://www.facebook.com/groups/leoncin"))


def test_slash_goes_to_the_search_and_letters_there_are_letters(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.press("/")
    search = page.locator("#search")
    expect(search).to_be_focused()
    page.keyboard.type("jrzx1s?gn")
    expect(search).to_have_value("jrzx1s?gn")
    page.keyboard.press("Escape")
    expect(search).not_to_be_focused()
    assert all(scene.decided(entry) == [] for entry in scene.held)


def test_no_key_decides_on_what_a_colleague_has_decided(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.press("j")
    entry = scene.held[0]
    decisions.remove(entry, scene.jan, submission(entry), [rule(scene.group)])
    there = card(page, entry)
    expect(there).to_contain_text(f"Usunięto – {scene.jan.name}")
    _has_the_focus(page, there)
    for keys in ("r", "e", "x1", "t1", "z"):
        page.keyboard.type(keys)
    page.wait_for_timeout(300)
    assert [verb for verb, *_rest in scene.decided(entry)] == ["remove"]


def test_a_key_that_is_held_down_decides_once(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.press("j")
    for _repeat in range(20):
        page.keyboard.down("r")
        page.wait_for_timeout(30)
    page.keyboard.up("r")
    assert [fresh(entry).state for entry in scene.held] == ["published", "held", "held"]


def test_space_takes_the_rule_that_was_come_to(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.type("jx")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(card(page, scene.held[0])).to_contain_text("Usunięto")
    removal = scene.held[0].decisions.order_by(Decision.id.desc()).get()
    assert [violation.rule.code for violation in removal.tagged] == [CODES[1]]


def test_z_takes_back_what_was_decided_before_what_was_taken_back_by_hand(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    first, second, third = scene.held
    page.keyboard.type("j")
    for entry in (first, second):
        _has_the_focus(page, card(page, entry))
        page.keyboard.press("r")
        expect(card(page, entry)).to_have_class(re.compile("decided"))
    card(page, second).get_by_role("button", name="Cofnij").click()
    expect(card(page, second).locator(".state")).to_have_text("zatrzymany")
    card(page, third).focus()
    page.keyboard.press("z")
    expect(card(page, first).locator(".state")).to_have_text("zatrzymany")


def test_after_leaving_the_page_z_takes_back_the_newest_and_says_which(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    entry = scene.held[0]
    page.keyboard.type("jr")
    expect(card(page, entry)).to_have_class(re.compile("decided"))
    page.keyboard.type("gm")
    expect(page.get_by_role("heading", level=1)).to_have_text("Moje decyzje")
    page.wait_for_load_state("load")
    settled(page)
    page.keyboard.press("z")
    taken_back = page.locator("#taken-back")
    expect(taken_back).to_contain_text("Cofnięto: Przepuszczono")
    expect(taken_back.get_by_role("link")).to_contain_text("Sąsiad numer 1")
    expect(page.locator("#announcements")).to_contain_text("Sąsiad numer 1")
    assert fresh(entry).is_held
    expect(page.locator(".mine > li")).to_have_count(2)  # the undo is told too
    page.keyboard.press("z")
    expect(taken_back).to_contain_text("nie ma Twojej decyzji, którą można cofnąć")
    expect(taken_back.get_by_role("link", name="Moje decyzje")).to_be_visible()
    page.keyboard.press("j")
    expect(taken_back).to_be_empty()
    assert [verb for verb, *_rest in scene.decided(entry)] == ["release", "undo"]


def test_z_takes_nothing_else_back_while_a_decision_is_being_sent(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    first, second, _third = scene.held
    page.keyboard.type("jr")
    expect(card(page, first)).to_have_class(re.compile("decided"))
    answers = []
    page.route("**/decisions", lambda route: answers.append(route))  # the answer is slow
    page.keyboard.type("rz")
    expect(page.locator("#announcements")).to_contain_text("jeszcze się wysyła")
    answers[0].continue_()
    expect(card(page, second)).to_have_class(re.compile("decided"))
    assert [verb for verb, *_rest in scene.decided(first)] == ["release"]


def test_where_nothing_comes_through_z_says_so(visit, scene, complaints):
    complaints.expect("net::ERR_", "Failed to fetch")
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.type("jr")
    expect(card(page, scene.held[0])).to_have_class(re.compile("decided"))
    page.context.set_offline(True)
    page.keyboard.press("z")
    expect(page.locator("#taken-back")).to_contain_text("Serwer nie odpowiedział")
    page.context.set_offline(False)


def test_with_ctrl_alt_or_meta_no_key_decides(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.press("j")
    for held_down in ("Control", "Alt", "Meta"):
        for key in "exsz":
            page.keyboard.press(f"{held_down}+{key}")
    page.wait_for_timeout(200)
    _has_the_focus(page, card(page, scene.held[0]))
    expect(page.locator(".asked, .pick :checked")).to_have_count(0)
    assert all(scene.decided(entry) == [] for entry in scene.held)


def test_the_help_names_every_key_and_while_it_is_open_no_key_decides(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.type("j?")
    keys = page.get_by_role("heading", name="Klawisze").locator("..")
    expect(keys).to_be_visible()
    named = " ".join(keys.locator("dt").all_inner_texts()).split()
    assert " ".join(named) == "j k r x 1…9 e h t 1…9 z s o / g n g h g r g d g m ? Esc"
    page.keyboard.press("r")
    expect(keys).to_be_visible()
    page.keyboard.press("?")
    expect(keys).to_be_hidden()
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    _has_the_focus(page, card(page, scene.held[0]))
    assert scene.decided(scene.held[0]) == []


def _has_the_focus(page: Page, there: Locator) -> None:
    expect(there).to_be_focused()
    settled(page)
    assert there.evaluate(IS_SEEN)


@pytest.mark.parametrize("keys", ["x Enter", "x 0 Enter", "t Enter", "t 0 Enter"])
def test_where_no_screener_suggests_a_rule_none_is_chosen_already(visit, scene, keys):
    page = visit()
    sign_in(page, scene.anna)
    page.goto("/queue/reported")
    page.keyboard.press("j")
    for key in keys.split():
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert scene.decided(scene.reported) == []


def test_enter_takes_the_rule_that_a_screener_suggests(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.type("jx")
    page.keyboard.press("Enter")
    expect(card(page, scene.held[0])).to_contain_text("Usunięto")


def test_keys_work_with_caps_lock(visit, scene):
    page = visit()
    sign_in(page, scene.anna)
    for key in "JR":
        page.keyboard.press(key)
    expect(card(page, scene.held[0])).to_contain_text("Przepuszczono")


@pytest.mark.parametrize(
    ("key", "code", "is_released"),
    [("к", "KeyR", True), ("ρ", "KeyR", True), ("z", "KeyY", False), ("ř", "KeyR", False)],
    ids=["cyrillic", "greek", "qwertz", "latin"],
)
def test_only_in_another_alphabet_the_place_of_a_key_counts(visit, scene, key, code, is_released):
    page = visit()
    sign_in(page, scene.anna)
    page.keyboard.press("j")
    there = card(page, scene.held[0])
    there.dispatch_event("keydown", {"key": key, "code": code, "bubbles": True})
    page.wait_for_timeout(300)
    assert (fresh(scene.held[0]).state == "published") == is_released
