"""Pamięć Facebooka: what the platform stops of what units publish."""

from console.entries import decisions
from console.insight import memory
from models import Entry, Group, Profile
from tests.cast import author, on_facebook, submission, take
from tests.entries.test_wrong_holds import HELD


def post(group, profile, number: int, text: str, **more):
    return take(group, id=f"m{number}", text=text, author=author(profile), **more)


def stop(group, anna, profile, number: int, text: str, reason: str = "spam"):
    """The platform holds it, and staff let it out."""
    entry = post(group, profile, number, text, held=HELD | {"reason": reason})
    decisions.release(entry, anna, submission(entry))
    return entry


def told(kind: str, found: memory.Memory) -> dict[str, str]:
    return {trait.value: f"{trait.held} z {trait.total}" for trait in found.traits[kind]}


def scene(leoncin, anna, osp):
    """Of six posts with a short link three are stopped, of four about a fire all; and many others."""
    for number in range(3):
        stop(leoncin, anna, osp, number, f"Zapisy {number}: bit.ly/a{number}")
        post(leoncin, osp, 10 + number, f"Zapisy do klubu {number}: bit.ly/b{number}")
    for number in range(4):
        stop(leoncin, anna, osp, 20 + number, f"Pożar lasu {number}")
    for number in range(20):
        post(leoncin, osp, 30 + number, f"Zebranie klubu numer {number}")


def test_it_counts_held_posts_of_all_posts_by_trait(leoncin, anna, osp):
    scene(leoncin, anna, osp)
    found = memory.memory_of([leoncin])
    assert (found.posts, found.held, found.kept) == (30, 7, 7)
    assert told("domain", found) == {"bit.ly": "3 z 6"}
    assert told("words", found)["pozar"] == "4 z 4"
    assert "zebranie" not in told("words", found)
    assert told("profile", found) == {memory.NOT_APPROVED: "7 z 30"}
    assert told("link", found) == {memory.WITH_LINK: "3 z 6", memory.WITHOUT_LINK: "4 z 24"}
    assert found.reasons == [("spam", 7)]


def test_what_is_too_rare_is_not_told(leoncin, anna, osp):
    for number in range(2):
        stop(leoncin, anna, osp, number, "Pożar: bit.ly/a")
    found = memory.memory_of([leoncin])
    assert found.kept == 2
    assert not any(found.traits.values())
    assert not found.reasons


def test_a_word_that_all_posts_have_tells_nothing(leoncin, anna, osp):
    for number in range(3):
        stop(leoncin, anna, osp, number, "Zebranie strażaków")
        post(leoncin, osp, 10 + number, "Zebranie strażaków")
    assert told("words", memory.memory_of([leoncin])) == {}


def test_approvals_before_the_post_count(leoncin, anna, osp):
    Profile.update(preapproved=Entry.created.python_value("2026-11-01 00:00:00+00:00")).execute()
    for number in range(3):
        stop(leoncin, anna, osp, number, "Pożar")
    assert told("profile", memory.memory_of([leoncin])) == {memory.APPROVED: "3 z 3"}


def test_the_page_shows_counts_and_examples_of_the_groups_that_one_may_see(
    browse, leoncin, elsewhere, anna, stranger, osp
):
    scene(leoncin, anna, osp)
    page = browse(anna).get("/insight/memory").text
    assert "Zapamiętano 7 niesłusznie zatrzymanych postów." in page
    assert "bit.ly" in page
    assert "3 z 6" in page
    assert page.count("/entries/") >= 3
    other = browse(stranger)
    assert "bit.ly" not in other.get("/insight/memory").text
    assert "nie zatrzymała jeszcze żadnego" in other.get("/insight/memory").text
    assert other.get("/insight/memory?group=leoncin").status_code == 404


def test_an_administrator_sees_all_groups_or_one(
    browse, leoncin, elsewhere, administrator, anna, osp
):
    scene(leoncin, anna, osp)
    browser = browse(administrator)
    assert "3 z 6" in browser.get("/insight/memory").text
    assert "3 z 6" in browser.get("/insight/memory?group=leoncin").text
    assert "3 z 6" not in browser.get("/insight/memory?group=czosnow").text


def test_what_is_still_to_be_approved_there_stands_first(browse, leoncin, anna, osp):
    on_facebook(leoncin)
    entry = stop(leoncin, anna, osp, 1, "Pożar w lesie")
    assert [task.entry_id for task in memory.teaching([leoncin])] == [entry.id]
    page = browse(anna).get("/insight/memory").text
    assert "to uczy ją przepuszczać" in page
    assert "Pożar w lesie" in page


def test_hostile_texts_are_shown_as_text(browse, leoncin, anna, osp):
    for number in range(3):
        stop(leoncin, anna, osp, number, "Pożar " * 3, reason="<script>alert(1)</script>")
    page = browse(anna).get("/insight/memory").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_an_administrator_without_groups_gets_an_empty_page(browse, administrator):
    assert Group.select().count() == 0
    assert browse(administrator).get("/insight/memory").status_code == 200
