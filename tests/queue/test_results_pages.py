"""The search and the filters, as pages."""

import pytest
from playhouse.test_utils import count_queries

from console.entries import decisions
from console.screening import verbs as screening
from models import Entry, Screener
from tests.cast import author, rule, submission, take
from tests.queue.test_results import EWA, STOPPED


def cards(answer) -> int:
    assert answer.status_code == 200
    return answer.text.count("<article")


def test_a_list_is_searched_and_keeps_the_words_typed(browse, anna, held, published):
    page = browse(anna).get("/queue/held?q=IDIOT")
    assert cards(page) == 1
    assert 'value="IDIOT"' in page.text
    assert cards(browse(anna).get("/queue/held?q=biblioteka")) == 0
    assert cards(browse(anna).get("/queue/all?q=biblioteka")) == 1


def test_a_search_in_a_list_offers_the_same_over_everything(browse, anna, held, published):
    page = browse(anna).get("/queue/held?q=biblioteka&kind=resident")
    assert "/queue/all?q=biblioteka&amp;kind=resident" in page.text


def test_everything_is_listed_the_newest_first(browse, anna, held, published):
    page = browse(anna).get("/queue/all")
    assert cards(page) == 2
    assert page.text.index(f'id="entry-{published.id}"') < page.text.index(f'id="entry-{held.id}"')


@pytest.mark.databases("sqlite", "postgres")
def test_a_filter_in_force_has_its_name_and_a_way_out(browse, anna, held):
    screener = Screener.get()
    page = browse(anna).get(f"/queue/held?q=idiot&screener={screener.id}")
    assert cards(page) == 1
    assert "Wyzwiska" in page.text
    assert 'href="/queue/held?q=idiot"' in page.text


@pytest.mark.databases("sqlite", "postgres")
def test_the_next_page_keeps_the_search(browse, anna, leoncin):
    for number in range(51):
        take(leoncin, id=f"p{number}", text=f"To idiota {number}")
    page = browse(anna).get("/queue/held?q=idiot&rule=hate")
    assert cards(page) == 50
    onward = page.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "q=idiot" in onward
    assert "rule=hate" in onward
    assert cards(browse(anna).get(onward)) == 1


def test_after_a_decision_one_is_back_in_the_search(browse, anna, held):
    client = browse(anna)
    page = client.get("/queue/held?q=idiot&age=1h")
    assert 'name="back" value="/queue/held?q=idiot&amp;age=1h"' in page.text
    form = {"decision": "release", "version": held.version, "key": "k" * 16}
    answer = client.submit(f"/entries/{held.id}/decisions", back="/queue/held?q=idiot", **form)
    assert answer.headers["Location"] == f"/queue/held?q=idiot&decided={held.id}"
    assert cards(client.get(answer.headers["Location"])) == 1


@pytest.mark.parametrize(
    "path", ["/queue/all", "/queue/held", "/queue/all?q=idiot", "/queue/held?rule=hate"]
)
def test_an_outsider_finds_nothing(browse, stranger, held, path):
    assert cards(browse(stranger).get(path)) == 0


def test_choices_are_those_of_ones_own_groups(browse, anna, stranger, leoncin):
    screening.save(screening.spec(Screener.get()), None)
    Screener.update(group=leoncin, name="Tylko tu").execute()
    for headers in ({}, {"HX-Request": "true"}):
        mine = browse(anna).get("/queue/filters?list=held", headers=headers)
        assert mine.status_code == 200
        assert "Tylko tu" in mine.text
        assert ("<html" in mine.text) == (not headers)
        theirs = browse(stranger).get("/queue/filters?list=held", headers=headers)
        assert "Tylko tu" not in theirs.text


def test_choices_keep_what_is_chosen_already(browse, anna, osp):
    page = browse(anna).get(f"/queue/filters?list=held&q=x&kind=safety&author={osp.id}").text
    assert 'value="safety" selected' in page
    assert f'name="author" value="{osp.id}"' in page
    assert 'action="/queue/held"' in page
    assert 'name="q" value="x"' in page


def test_a_stranger_is_asked_to_sign_in_and_a_group_of_others_is_not_found(browse, anna, elsewhere):
    assert browse().get("/queue/filters").status_code == 303
    assert browse().get("/queue/all?q=x").status_code == 303
    assert browse(anna).get("/queue/all?group=czosnow").status_code == 404
    assert browse(anna).post("/queue/filters").status_code in (400, 405)


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize(
    "query",
    [
        "q=!!!",
        "q=" + "(" * 4000,
        "q=%22%27%25s%3F",
        "kind=x&screener=99999999999&author=-1&rule=%27&age=7",
        "screener=999999999&author=999999999&rule=none",
        "q=a&after=2-9999999999999999-999999999",
        "list=x",
    ],
)
@pytest.mark.parametrize("path", ["/queue/held", "/queue/all", "/queue/filters"])
def test_odd_addresses_are_no_errors(browse, anna, held, path, query):
    assert browse(anna).get(f"{path}?{query}").status_code == 200


def test_days_in_the_wrong_order_are_named(browse, anna, held):
    days = "published_from=2026-06-11&published_to=2026-06-10"
    assert "po ostatnim" in browse(anna).get(f"/queue/all?{days}").text


def test_a_search_without_a_word_says_so(browse, anna, held):
    assert "nie ma słowa" in browse(anna).get("/queue/held?q=!!!").text


@pytest.mark.databases("sqlite", "postgres")
def test_a_search_takes_at_most_ten_queries(browse, anna, administrator, leoncin, osp):
    for number in range(12):
        who = author(osp) if number % 3 == 0 else EWA
        take(leoncin, id=f"p{number}", text="To idiota.", author=who, held=STOPPED)
        take(leoncin, "report.created", id=f"r{number}", entry_id=f"p{number}")
    entry = Entry.get(Entry.external_id == "p1")
    decisions.tag(entry, anna, submission(entry), [rule(leoncin)])
    every = f"q=idiot&group=leoncin&age=1h&rule=hate&screener={Screener.get().id}"
    every += f"&author={entry.profile_id}&kind=resident"
    for client in (browse(anna), browse(administrator)):
        for path in ("/queue/all?q=idiot", f"/queue/all?{every}", f"/queue/reported?{every}"):
            with count_queries() as counted:
                assert cards(client.get(path)) > 0
            assert counted.count <= 10
