"""POST /queue/decisions: one decision on several entries, each decided singly."""

import re
import secrets

import pytest

from console.entries import decisions
from models import Decision
from tests.cast import fresh, submission, take

PATH = "/queue/decisions"


@pytest.fixture
def three(leoncin):
    return [take(leoncin, id=f"h{n}", text=f"Sąsiad {n} to idiota.") for n in (1, 2, 3)]


@pytest.fixture
def desk(browse, anna):
    return browse(anna)


def chosen(entries) -> list[str]:
    return [f"{entry.id}:{fresh(entry).version}" for entry in entries]


def key_of(page: str) -> str:
    return re.search(r'class="fields".*?name="key" value="(\w+)"', page, re.DOTALL)[1]


def send(desk, entries, decision="release", htmx=True, **form):
    form.setdefault("key", secrets.token_hex(16))
    form = {"entry": chosen(entries), "decision": decision, "back": "/queue/held"} | form
    return desk.submit(PATH, htmx=htmx, **form)


def test_all_that_are_chosen_are_decided_and_the_others_not(desk, three):
    answer = send(desk, three[:2])
    assert answer.status_code == 200
    assert [fresh(entry).state for entry in three] == ["published", "published", "held"]
    assert "Załatwiono 2 wpisy." in answer.text
    assert Decision.select().where(Decision.verb == "release").count() == 2


def test_the_answer_puts_each_card_in_its_place_and_renews_counts_and_form(desk, three):
    page = send(desk, three[:2]).text
    for entry in three[:2]:
        assert f'hx-target="#entry-{entry.id}"' in page
    assert f'hx-target="#entry-{three[2].id}"' not in page
    assert 'hx-target="#lists"' in page
    assert key_of(page)
    assert 'id="several"' not in page  # it stays, with the rules of all that the list shows


def test_a_removal_tags_every_one_with_the_rule(desk, three):
    send(desk, three, "remove:hate")
    for entry in three:
        assert fresh(entry).is_removed
        assert [v.rule.code for v in entry.violations] == ["hate"]


def test_what_somebody_else_was_faster_with_is_named_and_the_rest_is_done(
    desk, three, administrator
):
    before = chosen(three)
    decisions.release(three[1], administrator, submission(three[1]))
    answer = send(desk, three, "remove:hate", entry=before)
    assert [fresh(entry).state for entry in three] == ["removed", "published", "removed"]
    assert "Załatwiono 2 wpisy. Nie wykonano: 1." in answer.text
    assert "Ktoś był szybszy" in answer.text


@pytest.mark.databases("sqlite", "postgres")
def test_the_same_form_twice_is_one_decision_each(desk, three):
    key, entry = "0123456789abcdef", chosen(three)
    for _time in range(2):
        answer = send(desk, three, key=key, entry=entry)
        assert "Załatwiono 3 wpisy." in answer.text
    assert Decision.select().where(Decision.verb == "release").count() == 3


def test_an_entry_decided_singly_before_can_be_decided_with_others_after(desk, three):
    """The form for several has a key of its own: the page's is used up."""
    page = desk.get("/queue/held").text
    card = page.split(f'id="entry-{three[0].id}"')[1].split("</article>")[0]
    form = dict(re.findall(r'name="(version|key|back)" value="([^"]*)"', card))
    desk.submit(f"/entries/{three[0].id}/decisions", htmx=True, decision="tag:hate", **form)
    answer = send(desk, three, key=key_of(page))
    assert "Załatwiono 3 wpisy." in answer.text


def test_without_javascript_a_page_tells_what_became_of_each(desk, three):
    answer = send(desk, three, htmx=False)
    assert answer.status_code == 200
    assert "<html" in answer.text
    assert answer.text.count("<article") == 3
    assert 'href="/queue/held"' in answer.text


def test_nothing_chosen_is_said(desk, three):
    assert "Nic nie zaznaczono." in send(desk, []).text


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("entry", ["", "x", "1", "1:x", f"{'9' * 30}:1", "0:1", "-1:1"])
def test_nonsense_is_refused_for_itself_and_the_rest_is_done(desk, three, entry):
    answer = send(desk, three, entry=[entry, *chosen(three[:1])])
    assert answer.status_code == 200
    assert "Załatwiono 1 wpis. Nie wykonano: 1." in answer.text
    assert [fresh(each).state for each in three] == ["published", "held", "held"]


def test_a_rule_of_none_is_refused_for_each(desk, three):
    answer = send(desk, three, "remove:nothing")
    assert "Nie wykonano: 3." in answer.text
    assert all(fresh(entry).is_held for entry in three)


def test_an_outsider_decides_nothing(browse, stranger, three):
    client = browse(stranger)
    form = {"key": "0123456789abcdef", "entry": chosen(three), "decision": "release"}
    answer = client.submit(PATH, htmx=True, **form)
    assert "Nie wykonano: 3." in answer.text
    assert "Sąsiad" not in answer.text
    assert all(fresh(entry).is_held for entry in three)


def test_it_is_not_for_reading(desk):
    assert desk.get(PATH).status_code == 405
