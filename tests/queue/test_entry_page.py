"""The entry's page: the conversation, reports, what was found, what was changed, the trail."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from console.entries import decisions
from console.queue import story, threads
from console.queue.story import story_of
from console.queue.threads import thread_around
from console.screening import verbs as screening
from console.storage import now
from models import Entry
from tests.cast import fresh, idiot_screener, submission, take

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(browse, anna):
    client = browse(anna)
    client.submit("/people/language", language="en")
    return client


@pytest.fixture
def start():
    return now() - timedelta(hours=5)


@pytest.fixture
def conversation(leoncin, start):
    """A post, two comments, an answer to the second."""
    post = take(leoncin, at=start, id="p", text="Remont drogi")
    for number, (id, parent) in enumerate([("c1", "p"), ("c2", "p"), ("c3", "c2")], 1):
        at = start + number * MINUTE
        take(leoncin, at=at, id=id, kind="comment", parent_id=parent, text=f"Głos {id}")
    return post


def named(id: str) -> Entry:
    return Entry.get(Entry.external_id == id)


def section(page: str, id: str) -> str:
    return page.split(f'aria-labelledby="{id}"')[1].split("</section>")[0]


def sections(page: str) -> list[str]:
    return re.findall(r'<section aria-labelledby="(\w+)"', page)


def plain(changes: str) -> str:
    """Without what is only for screen readers."""
    return re.sub(r'<span class="unseen">.*?</span>', "", changes)


def path(entry) -> str:
    return f"/entries/{entry.id}"


# --- the conversation -----------------------------------------------------------------------------


def test_a_comments_page_shows_the_thread_around_it_with_the_post_on_top(desk, conversation):
    page = desk.get(path(named("c3"))).text
    thread = section(page, "thread")
    assert re.findall(r'dir="auto">(.*?)</p>', thread) == [
        "Remont drogi",
        "Głos c1",
        "Głos c2",
        "Głos c3",
    ]
    assert re.findall(r"depth-(\d)", thread) == ["0", "1", "1", "2"]
    assert thread.count('aria-current="true"') == 1
    here = thread.split('aria-current="true"')[1]
    assert "Głos c3" in here
    assert f'href="{path(named("c2"))}"' in thread
    assert thread.count('class="state"') == 4


def test_every_turn_tells_its_state(desk, leoncin, conversation):
    take(leoncin, id="c4", kind="comment", parent_id="p", text="Ty idiota")
    thread = section(desk.get(path(conversation)).text, "thread")
    assert thread.split("Ty idiota")[0].rsplit('class="state">', 1)[1].startswith("held")


def test_for_a_comment_the_thread_comes_first_for_a_post_its_reports_do(
    desk, leoncin, conversation
):
    for id in ("p", "c1"):
        take(leoncin, "report.created", id=id, entry_id=id)
    assert sections(desk.get(path(named("c1"))).text) == ["thread", "reports", "trail"]
    assert sections(desk.get(path(conversation)).text) == ["reports", "thread", "trail"]


def test_a_post_alone_has_no_sections_but_its_trail(desk, published):
    assert sections(desk.get(path(published)).text) == ["trail"]


def test_a_long_thread_is_cut_says_so_and_still_holds_the_entry(
    desk, leoncin, start, monkeypatch, conversation
):
    monkeypatch.setattr(threads, "LONGEST", 10)
    for number in range(15):
        at = start + timedelta(hours=1, minutes=number)
        take(leoncin, at=at, id=f"d{number}", kind="comment", parent_id="p")
    take(leoncin, id="last", kind="comment", parent_id="d14", text="Ostatni głos")
    thread = thread_around(named("last").id)
    assert thread.is_cut
    assert len(thread.turns) == 10
    ids = [turn.entry.id for turn in thread.turns]
    assert ids[0] == conversation.id
    assert ids[-2:] == [named("d14").id, named("last").id]
    page = desk.get(path(named("last"))).text
    assert "The conversation is longer" in section(page, "thread")
    assert not thread_around_is_cut_at(monkeypatch, 30, conversation)


def thread_around_is_cut_at(monkeypatch, most: int, entry: Entry) -> bool:
    monkeypatch.setattr(threads, "LONGEST", most)
    return thread_around(entry.id).is_cut


def test_what_begins_above_the_climb_says_so_and_leads_there(desk, leoncin, monkeypatch):
    monkeypatch.setattr(threads, "DEEPEST", 3)
    for depth in range(6):
        parent = {"kind": "comment", "parent_id": str(depth - 1)} if depth else {}
        take(leoncin, id=str(depth), **parent)
    thread = thread_around(named("5").id)
    assert [turn.entry.id for turn in thread.turns] == [named(id).id for id in "2345"]
    assert thread.above == named("1").id
    assert f'href="{path(named("1"))}"' in section(desk.get(path(named("5"))).text, "thread")


# --- reports --------------------------------------------------------------------------------------


def test_each_report_tells_who_why_and_who_answered_it(desk, leoncin, published, anna):
    take(leoncin, "report.created", id="r1", entry_id="published", note="Proszę usunąć")
    decisions.keep(fresh(published), anna, submission(published))
    take(leoncin, "report.created", id="r2", entry_id="published", reason="spam", reporter=None)
    reports = section(desk.get(path(published)).text, "reports")
    first, second = reports.split("<li")[1:]
    assert "spam" in first  # what waits comes first
    assert "waiting for an answer" in first
    assert "somebody" in first
    assert "Proszę usunąć" in second
    assert "Jan Nowak" in second
    assert "rejected" in second
    assert "Kept – anna" in second


def test_an_undone_answer_is_no_answer(leoncin, published, anna):
    take(leoncin, "report.created", entry_id="published")
    decisions.keep(fresh(published), anna, submission(published))
    (complaint,) = story_of(fresh(published)).complaints
    assert complaint.answer.verb == "keep"
    decisions.undo(fresh(published), anna, submission(published))
    (complaint,) = story_of(fresh(published)).complaints
    assert complaint.answer is None


def test_of_very_many_reports_the_newest_are_shown_and_it_says_so(
    desk, leoncin, published, monkeypatch
):
    monkeypatch.setattr(story, "MAX_REPORTS", 3)
    for number in range(5):
        take(leoncin, "report.created", id=f"r{number}", entry_id="published")
    reports = section(desk.get(path(published)).text, "reports")
    assert reports.count("<li") == 3
    assert "There are more" in reports


# --- what was found, what was changed -------------------------------------------------------------


def test_what_was_found_tells_the_screener_and_what_is_on_trial(desk, leoncin):
    screening.save(replace(idiot_screener("shadow"), name="Próba"))
    entry = take(leoncin, text="Stado: idioci.")
    one, other = section(desk.get(path(entry)).text, "found").split("<li>")[1:]
    assert "idioci → idiota" in one
    assert "Wyzwiska, version 1" in one
    assert "on trial" not in one
    assert "Próba, version 1" in other
    assert "on trial" in other


def test_an_edit_shows_the_words_taken_out_and_put_in_newest_first(desk, leoncin, start):
    take(leoncin, at=start, id="p", text="Wójt to idiota.")
    take(leoncin, "entry.updated", start + MINUTE, id="p", text="Wójt to anioł.")
    entry = take(leoncin, "entry.updated", start + 2 * MINUTE, id="p", text="Wójt to anioł!")
    changes = section(desk.get(path(entry)).text, "changes")
    newest, oldest = changes.split('<li class="change">')[1:]
    assert "Wójt to <del>idiota</del><ins>anioł</ins>." in plain(oldest)
    assert "Found in the text before:\n<bdi>word: idiota</bdi>" in oldest
    assert "[taken out:]" in oldest
    assert "[put in:]" in oldest
    assert "Found in the text before" not in newest
    assert "Wójt to idiota." in oldest  # the whole text before, to unfold


def test_a_text_that_became_another_is_taken_out_whole(desk, leoncin, start):
    before, after = (" ".join(f"{word}{n}" for n in range(150)) for word in ("stare", "nowe"))
    take(leoncin, at=start, id="p", text=before)
    entry = take(leoncin, "entry.updated", start + MINUTE, id="p", text=after)
    changes = section(desk.get(path(entry)).text, "changes")
    assert f"<del>{before}</del><ins>{after}</ins>" in plain(changes)


def test_an_edit_of_the_links_alone_says_that_the_text_stayed(desk, leoncin, start):
    take(leoncin, at=start, id="p", text="Ten sam")
    links = ["https://example.com/"]
    entry = take(leoncin, "entry.updated", start + MINUTE, id="p", text="Ten sam", links=links)
    assert "The text stayed as it was" in section(desk.get(path(entry)).text, "changes")


def test_very_many_edits_have_pages_on_which_each_stands_once(desk, leoncin, start, monkeypatch):
    monkeypatch.setattr(story, "MAX_CHANGES", 2)
    take(leoncin, at=start, id="p", text="Wersja 0")
    for number in range(1, 5):
        at = start + number * MINUTE
        entry = take(leoncin, "entry.updated", at, id="p", text=f"Wersja {number}")
    changes = section(desk.get(path(entry)).text, "changes")
    assert re.findall(r"<del>.*?(\d).*?</del>", plain(changes)) == ["3", "2"]
    older = re.search(r'rel="next" href="([^"#]+)', changes)[1]
    changes = section(desk.get(older).text, "changes")
    assert re.findall(r"<del>.*?(\d)<.*?<ins>.*?(\d)<", plain(changes)) == [("1", "2"), ("0", "1")]
    assert 'rel="next"' not in changes


def test_hostile_texts_of_the_past_are_only_shown(desk, leoncin, start):
    take(leoncin, at=start, id="p", text="<script>alert(1)</script> raz")
    take(leoncin, "entry.updated", start + MINUTE, id="p", text="<img src=x onerror=alert(2)> raz")
    entry = take(leoncin, "entry.updated", start + 2 * MINUTE, id="p", text="Spokojnie")
    note = "</p><script>alert(3)</script>"
    take(leoncin, "report.created", entry_id="p", reason="<b>hejt</b>", note=note)
    page = desk.get(path(entry)).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>hejt" not in page


# --- what is large --------------------------------------------------------------------------------


def test_all_links_and_attachments_are_on_the_entrys_page_and_ten_of_each_in_a_list(desk, leoncin):
    links = [f"https://a.example/{n}" for n in range(25)]
    media = [{"type": "photo", "url": f"https://a.example/{n}.jpg"} for n in range(12)]
    entry = take(leoncin, text="idiota", links=links, media=media)
    address = re.compile(r'href="(https://a\.example/[^"]*)"')
    whole, listed = desk.get(path(entry)).text, desk.get("/queue/held").text
    assert address.findall(whole) == [*links, *(medium["url"] for medium in media)]
    assert len(address.findall(listed)) == 20
    assert f'<a href="{path(entry)}">and 15 more links</a>' in listed
    assert f'<a href="{path(entry)}">and 2 more</a>' in listed


def test_a_long_note_is_folded_and_no_word_of_it_is_lost(desk, leoncin, published):
    note = "\n".join(f"wiersz {n}" for n in range(40))
    take(leoncin, "report.created", entry_id="published", note=note)
    shown, folded = section(desk.get(path(published)).text, "reports").split("<details>")
    assert "wiersz 11" in shown
    assert "wiersz 12" not in shown
    assert re.findall(r"wiersz \d+", shown + folded) == note.split("\n")


def test_a_turn_of_many_lines_shows_the_first_few(desk, leoncin, conversation):
    take(leoncin, id="long", kind="comment", parent_id="p", text="raz\n" * 300)
    assert section(desk.get(path(conversation)).text, "thread").count("raz") == 4


# --- on paper, and who may see it -----------------------------------------------------------------


def test_the_printed_page_names_its_address_group_and_time(desk, published):
    head = desk.get(path(published)).text.split('class="printed"')[1].split("</dl>")[0]
    assert f"http://localhost{path(published)}" in head
    assert "Leoncin – forum" in head
    assert published.url in head
    assert re.search(r"\d\d\.\d\d\.\d{4} \d\d:\d\d \(anna\)", head)


def test_to_an_outsider_the_page_does_not_exist(browse, stranger, conversation):
    client = browse(stranger)
    assert client.get(path(conversation)).status_code == 404
    assert client.get(path(named("c1"))).status_code == 404
