"""A whitelisted entry on lists and on its own page, the only place where it is removed or held."""

import re
import secrets

import pytest

from console.entries import decisions
from tests.cast import author, beside, fresh, rule, submission, take

REASON = "Numer telefonu dziecka"


@pytest.fixture
def post(leoncin, osp):
    return take(leoncin, id="osp-1", text="Zbiórka w remizie.", author=author(osp))


@pytest.fixture
def desk(browse, anna):
    return browse(anna)


def form(entry, decision="remove", **more) -> dict:
    key, back = secrets.token_hex(16), f"/entries/{entry.id}"
    return {"version": fresh(entry).version, "key": key, "back": back, "decision": decision} | more


def send(desk, entry, decision="remove", **more):
    return desk.submit(f"/entries/{entry.id}/decisions", **form(entry, decision, **more))


def offered(page: str) -> set[str]:
    return set(re.findall(r'name="decision" value="([\w-]+)', page.split("<article")[1]))


def test_its_card_in_a_list_offers_no_removal_and_no_hold_and_says_where(desk, post):
    card = desk.get("/queue/incoming").text.split("</article>")[0]
    assert not offered(card) & {"remove", "hold"}
    assert f'href="/entries/{post.id}#reason"' in card
    assert "Usunąć lub zatrzymać można tylko na stronie wpisu" in card


def test_a_comment_on_it_is_moderated_as_ever(desk, leoncin, post):
    take(leoncin, id="c", kind="comment", parent_id="osp-1", text="Sąsiad to idiota.")
    assert "remove" in offered(desk.get("/queue/held").text)


def test_reported_it_can_be_kept(desk, leoncin, post):
    take(leoncin, "report.created", entry_id="osp-1")
    assert "keep" in offered(desk.get("/queue/reported").text)
    assert send(desk, post, "keep").status_code == 303
    assert not fresh(post).is_reported


@pytest.mark.parametrize(("decision", "state"), [("remove", "removed"), ("hold", "held")])
def test_on_its_own_page_it_goes_with_a_reason_which_its_authors_page_shows(
    desk, post, decision, state
):
    answer = send(desk, post, decision, rule=["hate", "spam"], note=f" {REASON} ")
    assert answer.status_code == 303
    assert fresh(post).state == state
    assert [v.rule.code for v in post.violations] == (
        ["hate", "spam"] if state == "removed" else []
    )
    for page in (f"/entries/{post.id}", f"/queue/authors/{post.profile_id}"):
        assert REASON in desk.get(page).text


@pytest.mark.parametrize("decision", ["remove", "hold"])
@pytest.mark.parametrize("note", ["", " \n ", "x" * 2001])
def test_without_a_reason_or_with_one_too_long_it_stays_and_what_was_chosen_too(
    desk, post, decision, note
):
    answer = send(desk, post, decision, rule="spam", note=note)
    assert answer.status_code == 400
    assert beside(answer, "note")
    assert re.search(r'<input[^>]* checked[^>]* value="spam"', answer.text)
    assert note.strip() in answer.text
    assert fresh(post).is_published


def test_a_removal_without_a_rule_is_refused_and_the_reason_kept(desk, post):
    answer = send(desk, post, note=REASON)
    assert answer.status_code == 400
    assert beside(answer, "rule")
    assert REASON in answer.text


def test_of_what_a_colleague_decided_meanwhile_the_typed_reason_is_kept(desk, post, administrator):
    before = form(post, "hold", note=REASON)
    decisions.tag(post, administrator, submission(post), [rule(post.group)])
    answer = desk.submit(f"/entries/{post.id}/decisions", **before)
    assert answer.status_code == 409
    assert "Ktoś był szybszy" in answer.text
    assert REASON in answer.text
    assert fresh(post).is_published


def test_bulk_removal_skips_it_and_says_how_many_and_why(desk, leoncin, osp, post, held):
    other = take(leoncin, id="osp-2", author=author(osp))
    chosen = [f"{each.id}:{fresh(each).version}" for each in (post, other, held)]
    several = form(post, "remove:hate", note=REASON) | {"entry": chosen}
    answer = desk.submit("/queue/decisions", htmx=True, **several)
    assert "Załatwiono 1 wpis. Pominięto 2 wpisy jednostek z białej listy" in answer.text
    assert [fresh(each).state for each in (post, other, held)] == [
        "published",
        "published",
        "removed",
    ]


def test_removed_it_offers_no_form_and_can_be_restored(desk, post):
    send(desk, post, rule="hate", note=REASON)
    page = desk.get(f"/entries/{post.id}").text
    assert 'id="reason"' not in page
    assert {"release", "undo"} <= offered(page)
