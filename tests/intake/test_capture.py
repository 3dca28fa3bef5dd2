"""The form for what staff saw themselves."""

import pytest

from models import Entry, Profile, Revision
from tests.cast import beside, fresh, take

LINK = "https://www.facebook.com/groups/leoncin/posts/77/"
FORM = {"group": "leoncin", "text": "Sąsiad to idiota.", "author": "Jan Nowak", "link": LINK}


@pytest.fixture
def capture(browse, anna):
    client = browse(anna)

    def capture(**changes):
        return client.submit("/intake/capture", **(FORM | changes))

    return capture


@pytest.mark.databases("sqlite", "postgres")
def test_what_was_pasted_becomes_an_entry_and_is_screened(capture, anna):
    answer = capture()
    entry = Entry.get()
    assert (answer.status_code, answer.location) == (303, f"/entries/{entry.id}")
    assert (entry.kind, entry.text, entry.url) == ("post", FORM["text"], LINK)
    assert entry.profile.name == "Jan Nowak"
    assert entry.is_held


def test_the_form_is_reached_from_every_page_and_names_the_group(browse, anna):
    client = browse(anna)
    assert 'href="/intake/capture"' in client.get("/queue/held").text
    page = client.get("/intake/capture").text
    assert 'value="leoncin">' in page


@pytest.mark.databases("sqlite", "postgres")
def test_the_same_link_again_is_the_same_entry(capture):
    first = capture()
    assert capture().location == first.location
    assert Entry.select().count() == 1
    assert Revision.select().count() == 0


def test_the_same_link_leads_to_the_entry_that_is_there_and_changes_nothing(leoncin, capture):
    there = take(leoncin, id="p1", text="Dzień dobry", url=LINK)
    assert capture(text="Zupełnie co innego").location == f"/entries/{there.id}"
    assert fresh(there).text == "Dzień dobry"
    assert Entry.select().count() == 1


@pytest.mark.databases("sqlite", "postgres")
def test_a_units_post_that_is_captured_is_on_the_whitelist(capture, osp):
    capture(profile=osp.id, author="")
    assert Entry.get().whitelisted
    assert Entry.get().profile == osp


def test_another_groups_profile_is_not_taken(capture, elsewhere):
    profile = Profile.create(group=elsewhere, external_id="x", name="Obcy")
    assert capture(profile=profile.id, author="").status_code == 400


def test_the_trail_says_who_brought_it_in(browse, anna, capture):
    assert "Dodano ręcznie – anna" in browse(anna).get(capture().location).text


@pytest.mark.databases("sqlite", "postgres")
def test_without_a_link_the_same_text_of_the_same_author_is_the_same_entry(capture):
    assert capture(link="").location == capture(link="").location
    capture(link="", author="Ewa")
    assert Entry.select().count() == 2


def test_one_author_is_one_profile_however_typed(capture):
    capture(link=LINK + "1")
    capture(link=LINK + "2", author="  jan nowak ")
    assert Profile.select().count() == 1


def test_space_around_what_was_pasted_is_left_out(capture):
    capture(text="\n  Dzień dobry  \n")
    assert Entry.get().text == "Dzień dobry"


@pytest.mark.parametrize(
    "wrong",
    [
        {"link": "", "text": ""},
        {"link": "", "text": "  \n "},
        {"author": "x" * 256},
        {"text": "x" * 65_537},
        {"link": "javascript:alert(1)"},
        {"link": "allegro.pl/x"},
        {"link": "https://f.example/" + "x" * 2000},
    ],
    ids=lambda wrong: ascii(wrong)[:30],
)
def test_what_cannot_be_is_refused_and_the_form_keeps_what_was_typed(capture, wrong):
    answer = capture(**wrong)
    assert answer.status_code == 400
    assert beside(answer, next(iter(wrong)))
    for name in {"text", "author", "link"} - set(wrong):
        assert FORM[name] in answer.text
    assert not Entry.select().exists()


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("name", ["text", "author"])
def test_nul_and_markup_are_harmless(capture, browse, anna, name):
    answer = capture(**{name: "\0<script>alert(1)</script>"})
    assert answer.status_code in (303, 400)
    page = browse(anna).get("/queue/held").text + answer.text
    assert "<script>alert" not in page


@pytest.mark.parametrize("group", ["czosnow", "nowhere", "", "\0"])
def test_a_group_without_a_seat_is_not_found(capture, elsewhere, group):
    assert capture(group=group).status_code in (400, 404)
    assert not Entry.select().exists()


def test_an_administrator_captures_into_any_group(browse, administrator, leoncin, elsewhere):
    answer = browse(administrator).submit("/intake/capture", **(FORM | {"group": "czosnow"}))
    assert answer.status_code == 303
    assert fresh(Entry.get()).group == elsewhere


def test_the_forms_values_in_the_address_are_escaped(browse, anna):
    page = browse(anna).get("/intake/capture?link=%22%3E%3Cscript%3Ex").text
    assert "<script>x" not in page


def test_two_texts_of_two_authors_are_two_entries_however_they_are_cut(capture):
    capture(link="", author="Jan", text="Nowak\npisze")
    capture(link="", author="Jan\nNowak", text="pisze")
    assert Entry.select().count() == 2
