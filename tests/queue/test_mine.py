"""One's own decisions on a page of their own, and the newest undone from wherever one is."""

import re
import secrets
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from console.entries import decisions
from console.people import users
from console.queue import mine
from console.storage import now
from models import Decision
from tests.cast import fresh, rule, submission, take

PAGE, UNDO = "/queue/mine", "/queue/mine/undo"


@pytest.fixture
def desk(browse, anna):
    return browse(anna)


@pytest.fixture
def three(leoncin):
    return [take(leoncin, id=f"h{n}", text=f"Sąsiad {n} to idiota.") for n in (1, 2, 3)]


def bulk(desk, entries, decision="release", **more):
    chosen = [f"{entry.id}:{fresh(entry).version}" for entry in entries]
    form = {"entry": chosen, "decision": decision, "key": secrets.token_hex(16)} | more
    return desk.submit("/queue/decisions", htmx=True, **form)


def rows(page: str) -> list[str]:
    """What each row says, without tags."""
    items = re.findall(r"<li>\n<time.*?</li>(?=\s*(?:<li>\n<time|</ol>))", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items]


def form_of(page: str) -> dict:
    """The first undo form of the page, as it would be sent."""
    form = re.search(r'<form method="post" action="([^"]*)">(.*?)</form>', page, re.DOTALL)
    fields: dict = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[2]):
        fields.setdefault(name, []).append(value)
    return {"path": form[1]} | fields


def age(seconds: int) -> None:
    Decision.update(at=now() - timedelta(seconds=seconds)).execute()


def undo(desk, htmx=True, key=None, back="/queue/held"):
    return desk.submit(UNDO, htmx=htmx, key=key or secrets.token_hex(16), back=back)


# --- the page -------------------------------------------------------------------------------------


def test_it_is_in_the_menu_and_tells_the_newest_first(desk, leoncin, held, published, anna):
    decisions.release(held, anna, submission(held))
    decisions.remove(published, anna, submission(published), [rule(leoncin, "spam")])
    assert f'href="{PAGE}"' in desk.get("/queue/held").text
    newest, oldest = rows(desk.get(PAGE).text)
    assert "Usunięto Spam i reklama · Ewa Kowalska : Dzień dobry" in newest
    assert "Przepuszczono · Ewa Kowalska : Sąsiad to idiota." in oldest
    assert "zapisane tutaj" in oldest


def test_others_decisions_and_the_automats_are_not_there(desk, held, administrator):
    decisions.release(held, administrator, submission(held))
    assert rows(desk.get(PAGE).text) == []
    assert "Nie ma tu Twoich decyzji." in desk.get(PAGE).text


def test_what_one_form_decided_is_one_row_with_one_undo(desk, three):
    bulk(desk, three, "remove:spam")
    page = desk.get(PAGE).text
    assert len(rows(page)) == 1
    assert rows(page)[0].count("Sąsiad") == 3
    assert "Usunięto 3 wpisy" in page
    form = form_of(page)
    answer = desk.submit(form.pop("path"), **form)
    assert "Cofnięto 3 decyzje." in answer.text
    assert all(fresh(entry).is_held for entry in three)
    newest, before = rows(desk.get(PAGE).text)
    assert "Cofnięto 3 decyzje" in newest
    assert before.endswith("cofnięta")


def test_one_decision_is_undone_and_leads_back_there(desk, held, anna):
    decisions.release(held, anna, submission(held))
    form = form_of(desk.get(PAGE).text)
    answer = desk.submit(form.pop("path"), **form)
    assert answer.location.startswith(PAGE)
    assert fresh(held).is_held


def test_what_is_older_than_the_undo_window_asks_first(desk, held, anna):
    decisions.release(held, anna, submission(held))
    assert 'class="asks"' not in desk.get(PAGE).text
    age(11)
    assert 'class="asks"' in desk.get(PAGE).text


def test_of_a_batch_only_what_was_not_decided_since_is_undone(desk, three, administrator):
    bulk(desk, three, "remove:spam")
    decisions.release(three[0], administrator, submission(three[0]))
    page = desk.get(PAGE).text
    assert "Cofnij 2 z nich" in page
    assert [each.partition(":")[0] for each in form_of(page)["entry"]] == [
        str(three[2].id),
        str(three[1].id),
    ]
    for entry in three[1:]:
        decisions.release(entry, administrator, submission(entry))
    assert rows(desk.get(PAGE).text)[0].endswith("później zdecydowano inaczej")


def test_what_changed_since_the_page_was_shown_is_refused(desk, leoncin, held, anna):
    decisions.release(held, anna, submission(held))
    form = form_of(desk.get(PAGE).text)
    take(leoncin, "entry.updated", id="held", text="Dobry wieczór")
    assert desk.submit(form.pop("path"), **form).status_code == 409
    assert fresh(held).is_published


def test_two_forms_with_other_buttons_of_one_key_are_two_rows(desk, three):
    key = secrets.token_hex(16)
    bulk(desk, three[:1], "remove:spam", key=key)
    bulk(desk, three[1:], "release", key=key)
    assert len(rows(desk.get(PAGE).text)) == 2


def test_it_pages_by_key(desk, leoncin, anna, monkeypatch):
    monkeypatch.setattr("console.queue.mine_views.PAGE", 2)
    monkeypatch.setattr(mine, "PAGE", 2)
    for number in range(5):
        entry = take(leoncin, id=f"p{number}", text=f"Wpis {number}")
        decisions.tag(entry, anna, submission(entry), [rule(leoncin)])
    path, seen = PAGE, []
    while path:
        page = desk.get(path).text
        seen += re.findall(r"Wpis \d", page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        path = following and following[1]
    assert seen == [f"Wpis {number}" for number in (4, 3, 2, 1, 0)]


def test_it_asks_the_same_of_few_and_of_many(desk, leoncin, anna):
    def queries() -> int:
        with count_queries() as counted:
            assert desk.get(PAGE).status_code == 200
        return counted.count

    def more(numbers) -> None:
        entries = [take(leoncin, id=f"p{n}", text=f"Ty idioto {n}") for n in numbers]
        bulk(desk, entries, "tag:spam")
        for entry in entries:
            decisions.hold(fresh(entry), anna, submission(entry))

    more(range(2))
    few = queries()
    more(range(2, 20))
    assert queries() == few
    assert few <= 12


def test_what_one_may_no_longer_see_is_not_told(desk, held, anna):
    decisions.release(held, anna, submission(held))
    users.seat(anna, [])
    assert "Sąsiad" not in desk.get(PAGE).text
    assert "Cofnięto" not in undo(desk).text
    assert fresh(held).is_published


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30])
def test_nonsense_pages_are_the_first(desk, held, anna, before):
    decisions.release(held, anna, submission(held))
    assert len(rows(desk.get(PAGE, query_string={"before": before}).text)) == 1


# --- z --------------------------------------------------------------------------------------------


def test_the_newest_is_undone_and_named(desk, three, anna):
    for entry in three[:2]:
        decisions.release(entry, anna, submission(entry))
    answer = undo(desk).text
    assert "Cofnięto: Przepuszczono" in answer
    assert "Sąsiad 2 to idiota." in answer
    assert f'hx-target="#entry-{three[1].id}"' in answer
    assert [fresh(entry).state for entry in three] == ["published", "held", "held"]
    assert "Sąsiad 1" in undo(desk).text  # and the one before that


def test_a_batch_is_undone_as_one(desk, three):
    bulk(desk, three)
    assert "Cofnięto: Przepuszczono 3 wpisy" in undo(desk).text
    assert all(fresh(entry).is_held for entry in three)


def test_after_the_window_it_says_so_and_names_the_page(desk, held, anna):
    decisions.release(held, anna, submission(held))
    age(11)
    answer = undo(desk).text
    assert "W ostatnich 10 s nie ma Twojej decyzji" in answer
    assert f'href="{PAGE}"' in answer
    assert fresh(held).is_published


def test_somebody_elses_is_never_undone(desk, held, published, anna, administrator):
    decisions.release(held, administrator, submission(held))
    decisions.hold(published, anna, submission(published))
    decisions.tag(fresh(published), administrator, submission(published), [rule(held.group)])
    assert "nie ma Twojej decyzji" in undo(desk).text
    assert Decision.select().where(Decision.verb == "undo").count() == 0


def test_the_same_form_twice_undoes_once(desk, three, anna):
    for entry in three:
        decisions.release(entry, anna, submission(entry))
    key = secrets.token_hex(16)
    for _time in range(2):
        assert "Sąsiad 3 to idiota." in undo(desk, key=key).text
    assert Decision.select().where(Decision.verb == "undo").count() == 1


def test_on_the_entrys_own_page_the_page_is_shown_anew(desk, held, anna):
    decisions.release(held, anna, submission(held))
    assert undo(desk, back=f"/entries/{held.id}").headers["HX-Refresh"] == "true"
    assert fresh(held).is_held


def test_the_counts_are_those_after_it(desk, held, anna):
    decisions.release(held, anna, submission(held))
    count = re.search(r'class="held".*?<b[^>]*>(\d+)', undo(desk).text, re.DOTALL)
    assert count[1] == "1"


def test_it_is_not_for_reading_and_needs_a_key(desk):
    assert desk.get(UNDO).status_code == 405
    assert undo(desk, key="short").status_code == 400


# --- the answer to several ------------------------------------------------------------------------


def test_the_answer_to_several_offers_one_undo_for_all_that_were_decided(
    desk, three, administrator
):
    decisions.release(three[0], administrator, submission(three[0]))
    stale = {"entry": [f"{entry.id}:{entry.version}" for entry in three]}
    answer = bulk(desk, three, "remove:spam", **stale).text
    form = answer.split('class="undoing"')[1].split("</form>")[0]
    assert "Cofnij wszystkie (2)" in form
    chosen = re.findall(r'name="entry" value="([\d:]+)"', form)
    assert "Cofnięto 2 decyzje." in bulk(desk, [], "undo", entry=chosen).text
    assert [fresh(entry).state for entry in three] == ["published", "held", "held"]
