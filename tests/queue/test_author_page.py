"""The author's page: who they are, what became of what they wrote, what staff noted about them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from playhouse.test_utils import count_queries

from console.entries import decisions
from console.errors import Refused
from console.groups import units
from console.queue import authors, notes
from console.queue.authors import ENTRIES, about
from console.storage import now
from models import Note, Profile, Unit
from tests.cast import fresh, rule, submission, take, user

MAX_QUERIES = 12
HOUR = timedelta(hours=1)


def path(profile) -> str:
    return f"/queue/authors/{profile.id}"


@pytest.fixture
def desk(browse, anna):
    client = browse(anna)
    client.submit("/people/language", language="en")
    return client


@pytest.fixture
def ewa(held) -> Profile:
    return held.profile


def figures(page: str) -> dict[str, str]:
    block = page.split('class="figures"')[1].split("</dl>")[0]
    return dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", block))


# --- who ------------------------------------------------------------------------------------------


def test_a_residents_page_says_who_where_and_why_not_whitelisted(desk, ewa):
    page = desk.get(path(ewa)).text
    assert "<h1><bdi>Ewa Kowalska</bdi></h1>" in page
    assert "Leoncin – forum" in page
    assert "not on the whitelist" in page
    assert "the profile belongs to no unit" in page
    assert 'href="https://www.facebook.com/ewa" rel="noreferrer noopener"' in page


def test_a_units_page_names_the_unit_and_says_why_it_is_whitelisted_today(desk, osp):
    page = desk.get(path(osp)).text
    assert "OSP Leoncin</bdi> (OSP; Safety)" in page
    assert "✓ on the whitelist" in page
    Unit.update(active=False).execute()
    page = desk.get(path(osp)).text
    assert "✓" not in page
    assert "the unit is switched off" in page


def test_a_profile_that_has_not_written_yet_has_a_page(desk, osp):
    page = desk.get(path(osp))
    assert page.status_code == 200
    assert "Nothing is here." in page.text
    assert "First entry" not in page.text


def test_only_a_web_address_becomes_a_link(desk, ewa):
    Profile.update(url="javascript:alert(1)").where(Profile.id == ewa.id).execute()
    assert "javascript:" not in desk.get(path(ewa)).text


# --- what became of it ----------------------------------------------------------------------------


@pytest.mark.databases("sqlite", "postgres")
def test_the_figures_tell_what_stands_and_what_staff_did(desk, leoncin, held, ewa, anna):
    removed, kept, restored = (take(leoncin, id=id) for id in ("a", "b", "c"))
    for each in (removed, kept):
        take(leoncin, "report.created", id=each.external_id, entry_id=each.external_id)
    decisions.remove(fresh(removed), anna, submission(removed), [rule(leoncin, "spam")])
    decisions.keep(fresh(kept), anna, submission(kept))
    decisions.remove(restored, anna, submission(restored), [rule(leoncin, "hate")])
    decisions.release(fresh(restored), anna, submission(restored))
    page = desk.get(path(ewa)).text
    assert figures(page) == {
        "Entries": "4",
        "Held now": "1",
        "Removed now": "1",
        "Released by staff": "1",
        "Reports upheld": "1",
        "Reports rejected": "1",
    }
    broken = page.split('class="broken"')[1].split("</p>")[0]
    assert "Spam i reklama" in broken
    assert "Hejt" not in broken  # released again, so it broke nothing


def test_an_undone_release_does_not_count(leoncin, held, ewa, anna):
    decisions.release(held, anna, submission(held))
    assert about(ewa).figures.released == 1
    decisions.undo(fresh(held), anna, submission(held))
    assert about(ewa).figures.released == 0


def test_counts_end_at_999(desk, ewa, monkeypatch):
    full = authors.Figures(*[1000] * 6, None, None)
    monkeypatch.setattr(authors, "_figures", lambda profile: full)
    assert set(figures(desk.get(path(ewa)).text).values()) == {"999+"}


def test_the_newest_decisions_of_staff_are_told_with_their_rules(desk, leoncin, held, ewa, anna):
    decisions.remove(held, anna, submission(held), [rule(leoncin, "hate")])
    told = desk.get(path(ewa)).text.split('id="decided"')[1]
    assert "Removed – anna" in told
    assert "Hejt – atak na osobę" in told
    assert f'href="/entries/{held.id}"' in told
    assert "screening" not in told


@pytest.mark.databases("sqlite", "postgres")
def test_lately_shows_the_newest_and_pages_by_key(desk, leoncin, ewa):
    start = now() - HOUR
    for number in range(2 * ENTRIES):
        at = start - timedelta(minutes=number // 2)  # of the same moment, two by two
        take(leoncin, at=at, id=f"e{number}", text=f"Wpis {number}!")
    seen, address = [], path(ewa)
    for _page in range(3):
        page = desk.get(address).text
        seen += re.findall(r"Sąsiad|Wpis \d+!", page.split('id="lately"')[1].split("</ol>")[0])
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = older and unescape(older[1])
    assert address is None
    assert len(seen) == len(set(seen)) == 2 * ENTRIES + 1
    assert seen[0] == "Sąsiad"
    numbers = [int(each[5:-1]) // 2 for each in seen[1:]]
    assert numbers == sorted(numbers)


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("after", ["x", "999999999", "9" * 40, "-1", ""])
def test_a_page_that_there_is_not_is_no_error(after, desk, ewa):
    assert desk.get(path(ewa), query_string={"after": after}).status_code == 200


@pytest.mark.databases("sqlite", "postgres")
def test_it_asks_the_same_of_few_and_of_many_and_at_most_twelve(browse, leoncin, held, anna, osp):
    client = browse(anna)
    profile = held.profile

    def asked() -> int:
        with count_queries() as counted:
            assert client.get(path(profile)).status_code == 200
        return counted.count

    def more(numbers) -> None:
        for number in numbers:
            entry = take(leoncin, id=f"e{number}", text="Sąsiad to idiota.")
            take(leoncin, "report.created", id=f"r{number}", entry_id=f"e{number}")
            decisions.remove(fresh(entry), anna, submission(entry), [rule(leoncin)])
            notes.write(profile, anna, f"Notatka {number}")

    more(range(1))
    few = asked()
    more(range(1, 30))
    assert asked() == few <= MAX_QUERIES


# --- notes ----------------------------------------------------------------------------------------


@pytest.mark.databases("sqlite", "postgres")
def test_a_note_is_written_with_who_and_when_and_newest_first(desk, ewa, anna):
    answer = desk.submit(f"{path(ewa)}/notes", text="  Rozmawiałam\r\nz nią. ")
    assert (answer.status_code, answer.location) == (303, f"{path(ewa)}#notes")
    note = Note.get()
    assert (note.profile, note.by, note.text) == (ewa, anna, "Rozmawiałam\nz nią.")
    desk.submit(f"{path(ewa)}/notes", text="Druga")
    page = desk.get(path(ewa)).text
    assert "<b>anna</b>" in page
    assert page.index("Druga") < page.index("Rozmawiałam")


@pytest.mark.databases("sqlite", "postgres")
def test_the_same_form_twice_is_one_note(desk, ewa):
    for _time in range(2):
        desk.submit(f"{path(ewa)}/notes", text="Raz")
    assert Note.select().count() == 1


def test_htmx_gets_the_notes_alone(desk, ewa):
    answer = desk.submit(f"{path(ewa)}/notes", htmx=True, text="Raz")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Raz" in answer.text
    assert 'role="status"' in answer.text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_note_that_is_too_long_is_refused_and_kept_in_the_form(htmx, desk, ewa):
    long = "Za długa <b> " * 8_000
    answer = desk.submit(f"{path(ewa)}/notes", htmx=htmx, text=long)
    assert answer.status_code == 400
    assert "at most 2000 fit" in answer.text
    kept = answer.text.split("<textarea")[1].split(">\n", 1)[1].split("</textarea>")[0]
    assert unescape(kept) == long
    assert not Note.select().exists()


@pytest.mark.parametrize("text", ["", "  \r\n\t ", "\u200b\u2060", None])
def test_an_empty_note_is_refused(text, desk, ewa):
    form = {} if text is None else {"text": text}
    answer = desk.submit(f"{path(ewa)}/notes", **form)
    assert answer.status_code == 400
    assert "The note is empty" in answer.text
    assert not Note.select().exists()


@pytest.mark.databases("sqlite", "postgres")
def test_ones_own_note_can_be_struck_and_twice_is_once(desk, ewa, anna):
    note = notes.write(ewa, anna, "Pomyłka")
    strike = f"{path(ewa)}/notes/{note.id}/strike"
    assert strike in desk.get(path(ewa)).text
    for _time in range(2):
        assert desk.submit(strike).status_code == 303
    assert not Note.select().exists()


def test_anothers_note_stays(desk, ewa, administrator):
    note = notes.write(ewa, administrator, "Ważne")
    strike = f"{path(ewa)}/notes/{note.id}/strike"
    assert strike not in desk.get(path(ewa)).text
    assert desk.submit(strike).status_code == 400
    assert Note.select().exists()


def test_after_a_day_a_note_stays(ewa, anna):
    note = notes.write(ewa, anna, "Przeczytana")
    Note.update(at=now() - timedelta(hours=25)).execute()
    with pytest.raises(Refused):
        notes.strike(ewa, note.id, anna)
    assert Note.select().exists()


def test_a_note_is_struck_only_on_its_own_authors_page(desk, ewa, osp, anna):
    note = notes.write(ewa, anna, "Tu")
    assert desk.submit(f"{path(osp)}/notes/{note.id}/strike").status_code == 303
    assert Note.select().exists()


# --- who may see it -------------------------------------------------------------------------------


def test_to_an_outsider_the_page_and_its_notes_do_not_exist(browse, stranger, ewa, anna):
    note = notes.write(ewa, anna, "Nasza")
    client = browse(stranger)
    assert client.get(path(ewa)).status_code == 404
    assert client.submit(f"{path(ewa)}/notes", text="Obca").status_code == 404
    assert client.submit(f"{path(ewa)}/notes/{note.id}/strike").status_code == 404
    assert [each.text for each in Note.select()] == ["Nasza"]


def test_an_administrator_sees_every_author(browse, administrator, elsewhere, ewa):
    unit = units.name_unit(elsewhere, "ngo", "stowarzyszenie", "Nasze")
    other = units.designate(unit, "nasze", "Nasze", "")
    client = browse(administrator)
    assert client.get(path(ewa)).status_code == 200
    assert client.get(path(other)).status_code == 200
    assert client.get("/queue/authors/2147483647").status_code == 404
    assert client.get("/queue/authors/99999999999999").status_code == 404


def test_a_stranger_is_asked_to_sign_in(browse, ewa):
    assert "/people/sign-in" in browse().get(path(ewa)).location


def test_the_forms_addresses_are_not_for_looking_at(desk, ewa):
    assert desk.get(f"{path(ewa)}/notes").status_code == 405
    assert desk.get(f"{path(ewa)}/notes/1/strike").status_code == 405


def test_hostile_names_and_texts_are_only_shown(desk, leoncin, anna):
    name = '\u202e<script>alert("x")</script>'
    entry = take(
        leoncin, id="x", text="<img src=x onerror=alert(1)>", author={"id": "x", "name": name}
    )
    notes.write(entry.profile, anna, "</textarea><script>alert(2)</script>")
    page = desk.get(path(entry.profile)).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<bdi>&lt;script&gt;" in page  # and nothing after it is turned around


def test_two_people_may_write_the_same(ewa, anna, leoncin):
    jan = user("jan", "moderator", leoncin)
    for by in (anna, jan, anna):
        notes.write(ewa, by, "To samo")
    assert Note.select().count() == 3
