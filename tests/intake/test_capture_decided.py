"""What is captured and decided in one step; what a captured entry lacks and gets later."""

import re
from dataclasses import replace

import pytest

from console.entries import decisions
from console.entries.search_index import matching_ids
from console.groups import groups
from console.intake import completing
from console.intake.capture import capture
from console.queue import notes
from console.screening import verbs as screening
from console.screening.context import context_now
from models import Completion, Decision, Delivery, Entry, Note, Profile, Report
from tests.cast import fresh, idiot_screener, on_facebook, rule, submission, take

POST = "https://www.facebook.com/groups/leoncin/posts/77/"
KEY = "key-of-the-form"
COPY = f"Jan Nowak\n2 godz.\nSprzedam rower.\nLubię to!\nSkomentuj\nUdostępnij\n{POST}"


@pytest.fixture
def client(browse, anna, leoncin):
    on_facebook(leoncin)
    return browse(anna)


@pytest.fixture
def submit(client):
    def submit(**fields):
        form = {"group": "leoncin", "link": POST, "stands": "published", "key": KEY}
        return client.submit("/intake/capture", **(form | fields))

    return submit


@pytest.mark.databases("sqlite", "postgres")
def test_it_is_added_and_removed_at_once_however_often_it_is_sent(submit, leoncin, anna):
    places = {submit(decision="remove:hate", text="Precz!").location for _time in range(2)}
    entry = Entry.get()
    assert places == {f"/entries/{entry.id}"}
    decision = Decision.get()
    assert (decision.verb, decision.by, decision.to_state) == ("remove", anna, "removed")
    assert entry.is_removed
    assert [each.rule for each in entry.violations] == [rule(leoncin)]
    assert Delivery.get().state == Delivery.TO_DO


@pytest.mark.parametrize(
    ("stands", "verb", "state"),
    [("pending", "release", "published"), ("reported", "keep", "published")],
)
def test_what_waits_is_let_go_and_what_was_reported_is_kept(submit, stands, verb, state):
    submit(decision=verb, stands=stands)
    entry = Entry.get()
    assert (entry.state, entry.reported_since) == (state, None)
    assert entry.decisions.order_by(Decision.id.desc()).first().verb == verb


def test_a_removal_upholds_the_report_that_came_with_it(submit):
    submit(decision="remove:hate", stands="reported")
    assert Report.get().state == Report.UPHELD


def test_what_is_here_already_is_shown_and_not_decided(submit, leoncin):
    known = take(leoncin, id="p1", url=POST)
    assert submit(decision="remove:hate").location == f"/entries/{known.id}"
    assert not fresh(known).is_removed


def test_a_whitelisted_units_post_is_added_and_not_removed(submit, client, osp):
    page = client.get(submit(decision="remove:hate", profile=osp.id).location).text
    assert Entry.get().is_published
    assert "Dodano, ale nie usunięto" in page


@pytest.mark.parametrize("decision", ["remove", "remove:nothing", "burn", "undo"])
def test_what_cannot_be_decided_adds_nothing(submit, decision):
    assert submit(decision=decision).status_code == 400
    assert not Entry.select().exists()


def test_without_anything_to_let_go_it_is_only_added(submit, client):
    page = client.get(submit(decision="release").location).text
    assert "ale bez decyzji" in page
    assert not Decision.select().exists()


def test_the_form_offers_the_rules_of_its_group(client):
    assert 'value="remove:hate"' in client.get("/intake/capture?group=leoncin").text


def test_a_whole_post_in_the_first_field_is_taken_apart(submit):
    submit(link=COPY)
    entry = Entry.get()
    assert (entry.text, entry.profile.name, entry.url) == ("Sprzedam rower.", "Jan Nowak", POST)


def test_what_was_understood_is_shown_before_anything_is_saved(submit):
    page = submit(link=COPY, look="1").text
    assert "Sprzedam rower.</textarea>" in page
    assert 'value="Jan Nowak"' in page
    assert not Entry.select().exists()


def test_the_entrys_page_says_what_was_new_about_it(submit, client):
    submit()
    assert "Przejęto to, co nowe" in client.get(submit(stands="spam").location).text
    assert "nic się nie zmieniło" in client.get(submit(stands="spam").location).text


def test_a_bare_link_says_so_and_offers_what_it_lacks(submit, client):
    page = client.get(submit().location).text
    assert "Bez treści – otwórz na Facebooku." in page
    assert "Nie sprawdzono: nie ma jeszcze treści" in page
    assert "autor nieznany" in page
    for what in ("text", "author"):
        assert re.search(rf'action="/intake/entries/\d+/{what}"', page)
        assert client.get(f"/intake/entries/{Entry.get().id}/{what}").status_code == 200


def test_the_text_is_added_on_the_entrys_page_and_screened(submit, client):
    submit()
    entry = Entry.get()
    path = f"/intake/entries/{entry.id}/text"
    assert client.submit(path, text=" ").status_code == 400
    assert client.submit(path, text="Sąsiad to idiota.").location == f"/entries/{entry.id}"
    assert client.submit(path, text="Inny").status_code == 400
    assert (fresh(entry).text, fresh(entry).held_by) == ("Sąsiad to idiota.", "screening")
    page = client.get(f"/entries/{entry.id}").text
    assert "Treść dodano ręcznie – anna" in page
    assert "Autor zmienił" not in page


def test_the_author_is_named_on_the_entrys_page(submit, client):
    submit()
    entry = Entry.get()
    path = f"/intake/entries/{entry.id}/author"
    assert client.submit(path).status_code == 400
    assert client.submit(path, author="Jan Nowak").location == f"/entries/{entry.id}"
    assert client.submit(path, author="Ewa").status_code == 400
    assert fresh(entry).profile.name == "Jan Nowak"
    assert "Autora podano ręcznie – anna" in client.get(f"/entries/{entry.id}").text


@pytest.mark.parametrize("what", ["text", "author", "address"])
def test_who_does_not_work_in_the_group_adds_nothing(submit, browse, stranger, what):
    submit()
    path = f"/intake/entries/{Entry.get().id}/{what}"
    assert browse(stranger).get(path).status_code == 404
    assert browse(stranger).submit(path, text="x", author="x", link="x").status_code == 404


def test_ways_has_a_bookmarklet_to_this_console(client):
    page = client.get("/intake/ways").text
    assert "javascript:void(open(&#39;http://localhost" in page
    assert "/capture?u=" in page


def found(query: str) -> list[Entry]:
    return list(Entry.select().where(Entry.id.in_(matching_ids(query))))


@pytest.fixture
def bare(leoncin, anna):
    def bare(n=77, **more):
        return fresh(capture(leoncin, anna, "", "", POST.replace("77", str(n)), **more).entry)

    return bare


def test_nothing_of_an_unknown_author_is_anybody_elses(bare, leoncin):
    first, second = bare(1), bare(2)
    assert first.profile != second.profile
    assert context_now(second).earlier_posts is None
    assert not context_now(second).recent
    assert not found("nieznany")


def test_a_screener_that_stops_whoever_is_new_passes_over_the_unknown(leoncin, anna):
    settings = {"entries": 3, "with": []}
    screening.save(replace(idiot_screener(), kind="newcomer", settings=settings))
    assert fresh(capture(leoncin, anna, "Dzień dobry", "Jan", "").entry).is_held
    assert fresh(capture(leoncin, anna, "Dzień dobry", "", "").entry).is_published


def test_all_of_the_entry_goes_to_the_author_who_is_named(bare, anna, leoncin):
    entry = bare(stands="pending")
    decisions.remove(entry, anna, submission(entry), [rule(leoncin)])
    notes.write(entry.profile, anna, "Kto to?")
    nameless = entry.profile_id
    completing.name_author(entry, anna, "Jan Nowak")
    jan = Profile.get(Profile.name == "Jan Nowak")
    assert not Profile.select().where(Profile.id == nameless).exists()
    assert {each.profile_id for each in Decision.select()} == {jan.id}
    assert Note.get().profile == jan
    assert fresh(entry).violations.count() == 1
    assert [each.what for each in entry.completions] == [Completion.AUTHOR]
    assert found("nowak") == [entry]


def test_who_turns_out_to_be_a_unit_is_whitelisted_and_urgent(bare, anna, osp):
    entry = bare(stands="spam")
    assert (entry.whitelisted, entry.urgency) == (False, 0)
    completing.name_author(entry, anna, "", osp)
    assert fresh(entry).whitelisted
    assert fresh(entry).urgency
    assert fresh(entry).version > entry.version


def test_the_trail_says_who_set_the_address(client, leoncin, anna):
    share = "https://www.facebook.com/share/p/1AbC/"
    groups.add_alias(leoncin, "1234")
    entry = capture(leoncin, anna, "Rower", "Jan", share).entry
    assert "link nie mówi, który to post" in client.get("/queue/all").text
    client.submit(f"/intake/entries/{entry.id}/address", link=POST)
    assert "Adres dodano ręcznie – anna" in client.get(f"/entries/{entry.id}").text
    assert "link nie mówi, który to post" not in client.get("/queue/all").text
