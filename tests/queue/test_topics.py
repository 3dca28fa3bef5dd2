"""The topic on a card and on the entry's page; changed by one tap; lists of one topic."""

import pytest

from console.entries.topics import set_topic
from tests.cast import author, fresh, take

LIST = "/queue/held"


@pytest.fixture
def desk(browse, anna):
    return browse(anna)


@pytest.fixture
def picnic(leoncin, osp):
    held = {"by": "platform", "reason": "spam"}
    return take(leoncin, id="picnic", author=author(osp), text="Piknik i tańce!", held=held)


def words(page: str) -> str:
    return " ".join(page.split())


def test_a_units_card_shows_its_topic_and_a_list_has_one_sheet_of_them(desk, leoncin, osp, picnic):
    take(leoncin, id="second", author=author(osp), text="Pali się las", held={"by": "platform"})
    page = desk.get(LIST).text
    assert page.count('data-topic="culture"') == page.count('data-topic="safety"') == 1
    assert page.count('name="topic" value="safety"') == 1


def test_a_residents_card_shows_a_topic_only_when_a_person_has_set_one(desk, held, anna):
    assert "data-topic" not in desk.get(LIST).text
    set_topic(held, "sport", anna)
    assert 'data-topic="sport"' in desk.get(LIST).text


def test_one_tap_sets_the_topic_and_htmx_gets_the_card(desk, picnic, anna):
    answer = desk.submit(f"/entries/{picnic.id}/topic", htmx=True, topic="safety")
    assert answer.status_code == 200
    assert answer.text.count("<article") == 1
    assert 'data-topic="safety"' in answer.text
    assert ">Pilne<" in answer.text
    assert (fresh(picnic).topic, fresh(picnic).topic_by, fresh(picnic).urgency) == (
        "safety",
        anna,
        2,
    )


def test_without_javascript_it_leads_back_to_the_entrys_page_which_says_who(desk, picnic):
    page = words(desk.get(f"/entries/{picnic.id}").text)
    assert "Temat: <b>kultura i wydarzenia</b> <small>(odgadnięty)</small>" in page
    for _time in range(2):
        answer = desk.submit(f"/entries/{picnic.id}/topic", topic="sport")
        assert (answer.status_code, answer.location) == (303, f"/entries/{picnic.id}")
    page = words(desk.get(answer.location).text)
    assert "Temat: <b>sport</b> <small>(ustawiono: anna)</small>" in page
    assert 'value="sport" aria-pressed="true"' in page


@pytest.mark.parametrize("htmx", [True, False])
def test_a_topic_that_is_none_is_refused_in_words(desk, picnic, htmx):
    answer = desk.submit(f"/entries/{picnic.id}/topic", htmx=htmx, topic="weather")
    assert answer.status_code == 400
    assert "Nie ma takiego tematu" in answer.text


def test_a_stranger_gets_404(browse, stranger, picnic):
    answer = browse(stranger).submit(f"/entries/{picnic.id}/topic", topic="safety")
    assert answer.status_code == 404
    assert fresh(picnic).topic == "culture"


def test_a_get_gets_405(desk, picnic):
    assert desk.get(f"/entries/{picnic.id}/topic").status_code == 405


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("name", ["held", "incoming", "all"])
def test_a_list_can_be_narrowed_to_a_topic(desk, leoncin, osp, picnic, name):
    take(leoncin, id="fire", author=author(osp), text="Pali się las", held={"by": "platform"})
    page = desk.get(f"/queue/{name}?topic=culture").text
    assert "Temat: kultura i wydarzenia" in page
    assert page.count("<article") == 1
    assert f'id="entry-{picnic.id}"' in page
    assert desk.get(f"/queue/{name}?topic=weather").text.count("<article") == 2


def test_the_filters_offer_the_topics(desk, leoncin):
    assert '<option value="utilities">sprawy komunalne i roboty<' in desk.get("/queue/filters").text
