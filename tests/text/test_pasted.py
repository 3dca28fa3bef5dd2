"""Posts and comments as people copy them from Facebook's page."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.text.pasted import Pasted, read

LINK = "https://www.facebook.com/groups/1234/posts/77/"
BODY = "Sprzedam rower.\nTel. 600 700 800 🙂"
FOOT = "Wszystkie reakcje:\n12\n3 komentarze\nLubię to!\nSkomentuj\nUdostępnij"

JAN = {
    "name, time, foot": f"Jan Kowalski\n · \n2 godz.\n · \n{BODY}\n{FOOT}",
    "one line above": f"Jan Kowalski · 2 godz. · 🌎\n{BODY}\n{FOOT}",
    "without a foot": f"Jan Kowalski\n5 min\n{BODY}",
    "administrator": f"Jan Kowalski\nAdministrator\n2 godz.\n{BODY}\nLubię to!\nSkomentuj",
    "moderator in the line": f"Jan Kowalski  · Moderator · 1 dzień · \n{BODY}\n{FOOT}",
    "best fan": f"Jan Kowalski\nNajlepszy fan\n · 3 dni\n{BODY}\n{FOOT}",
    "follow": f"Jan Kowalski  · Obserwuj\n 22 listopada o 14:05  · \n{BODY}\n{FOOT}",
    "new member, a date": f"Jan Kowalski\nNowy członek\n3 maja 2026\n{BODY}",
    "yesterday": f"Jan Kowalski\nWczoraj o 21:15\n{BODY}\n{FOOT}",
    "just now": f"Jan Kowalski\nPrzed chwilą\n{BODY}",
    "group above": f"Leoncin – mieszkańcy\nJan Kowalski\n · 2 godz.\n{BODY}\n{FOOT}",
    "in a group": f"Jan Kowalski › Leoncin – mieszkańcy\n2 godz.\n{BODY}\n{FOOT}",
    "in a group, older": f"Jan Kowalski ▸ Leoncin\n2 godz. temu\n{BODY}\n{FOOT}",
    "edited": f"Jan Kowalski\n2 godz. · Edytowano\n{BODY}\n{FOOT}",
    "name twice": f"Jan Kowalski\nJan Kowalski\n2 godz.\n{BODY}\n{FOOT}",
    "author's badge first": f"Autor\nJan Kowalski\n{BODY}\n2 godz.\nLubię to!\nOdpowiedz",
    "comment": f"Jan Kowalski\n{BODY}\n2 godz.\nLubię to!\nOdpowiedz",
    "comment, mobile": f"Jan Kowalski\n{BODY}\n2 godz. Lubię to! Odpowiedz",
    "comment, dots": f"Jan Kowalski\n{BODY}\n2 godz. · Lubię to! · Odpowiedz · Edytowano",
    "comment of a fan": f"Jan Kowalski\nNajlepsza fanka\n{BODY}\n1 tyg.\nLubię to!\nOdpowiedz\n3",
    "translation": f"Jan Kowalski\n2 godz.\n{BODY}\nZobacz tłumaczenie\n{FOOT}",
    "English": f"Jan Kowalski\n2h\n{BODY}\nAll reactions:\n7\n3 comments\nLike\nComment\nShare",
    "English, follow": f"Jan Kowalski · Follow\n3 hrs · \n{BODY}\nLike\nComment\nSend\nShare",
    "English, a date": f"Jan Kowalski\nNovember 22 at 2:05 PM · Edited\n{BODY}",
    "English comment": f"Jan Kowalski\nTop contributor\n{BODY}\n5d\nLike\nReply\nSee translation",
    "counters in one line": f"Jan Kowalski\n4 g\n{BODY}\nWszystkie reakcje: 12\n"
    "3 komentarze 2 udostępnienia\nLubię to!\nSkomentuj",
    "thousands": f"Jan Kowalski\n4 g\n{BODY}\nWszystkie reakcje:\n1,2 tys.\n31 komentarzy\nLubię to!",
    "seen by": f"Jan Kowalski\n4 g\n{BODY}\nWyświetlone przez: 231\nLubię to!\nSkomentuj",
    "the queue's buttons": f"Jan Kowalski\n4 g\n{BODY}\nZatwierdź\nOdrzuć",
    "write a comment": f"Jan Kowalski\n4 g\n{BODY}\n{FOOT}\nNapisz komentarz…",
    "Windows' ends of lines": f"Jan Kowalski\r\n2 godz.\r\n{BODY}\r\n".replace("\r\n", "\r\n"),
    "empty lines": f"\n\nJan Kowalski\n\n2 godz.\n\n\n{BODY}\n\n{FOOT}\n\n",
}
TEXTS = {
    "words": BODY,
    "one word": "Udostępnij",
    "two buttons' words": "Pomóżcie!\nSkomentuj\nUdostępnij",
    "a name and words": "Jan Kowalski\nto kłamca i oszust",
    "a greeting": "Dzień dobry\nkto zna hydraulika?",
    "a time that is text": "Zbiórka\njutro o 18:00 pod remizą",
    "a number at the end": "Szukam mieszkania\n600700800",
    "a price and a counter": "Sprzedam\n120",
    "a link within": f"Kto widział {LINK} ?\nTo skandal.",
    "a foreign link": "https://allegro.pl/x\nTanio!",
    "only emoji": "🙂🙂",
    "a meeting": "Zebranie sołeckie\n15 listopada o 17:00\nZapraszamy",
    "a meeting that looks like a name": "Zebranie Wiejskie\n15 listopada o 17:00\nZapraszamy",
    "a time within": "Pilne\n2 dni\nbez wody",
    "a button's word": "Biegamy razem\nDołącz\nw sobotę",
    "a line and a time": "Zaczynamy\nWczoraj",
    "a report that is text": "Zgłoszone przez sąsiadów, nikt nie reaguje",
}


@pytest.mark.parametrize("pasted", JAN.values(), ids=JAN)
def test_the_author_and_the_text_are_found(pasted):
    assert read(pasted) == Pasted(BODY, "Jan Kowalski")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_in_doubt_all_is_text(text):
    assert read(text) == Pasted(text)


@pytest.mark.parametrize(
    "pasted", [f"{LINK}\n{{}}", f"{{}}\n{LINK}", f"{LINK} {{}}", f"{{}} {LINK}"]
)
def test_a_link_before_or_after_all_else_is_that_of_the_post(pasted):
    assert read(pasted.format(JAN["name, time, foot"])) == Pasted(BODY, "Jan Kowalski", LINK)
    assert read(pasted.format(BODY)) == Pasted(BODY, "", LINK)
    assert read(pasted.format("")) == Pasted("", "", LINK)


@pytest.mark.parametrize(
    "line",
    ["Zgłoszone przez: Anna Nowak", "Anna Nowak zgłosiła ten post", "Reported by Anna Nowak"],
)
def test_the_reporter_is_found_at_either_end(line):
    for pasted in (f"{line}\n{JAN['edited']}", f"{JAN['edited']}\n{line}"):
        assert read(pasted) == Pasted(BODY, "Jan Kowalski", "", "Anna Nowak")


def test_of_two_times_the_second_is_the_authors():
    assert read(f"Jan Kowalski\n2 godz.\n3 godz.\n{BODY}").text == f"3 godz.\n{BODY}"


def test_what_stands_twice_below_is_the_authors_the_first_time():
    assert read(f"Jan Kowalski\n2 godz.\n{BODY}\nUdostępnij\n{FOOT}").text == f"{BODY}\nUdostępnij"


COMMENT_FOOT = "2 godz.\nLubię to!\nOdpowiedz"


@pytest.mark.parametrize("text", ["Anna Nowak", "to bzdura", "Anna Nowak\nchodź tu"])
def test_a_comment_that_could_pass_for_a_name_stays_text(text):
    assert read(f"Jan Kowalski\n{text}\n{COMMENT_FOOT}") == Pasted(text, "Jan Kowalski")


def test_a_comment_without_its_author_has_none():
    assert read(f"dzień dobry wszystkim\n{COMMENT_FOOT}") == Pasted("dzień dobry wszystkim")


WORDS = st.sampled_from(
    ["Sprzedam", "rower.", "600", "Lubię", "to!", "·", "godz.", "2", "🙂", "Jan"]
)
LINES = st.lists(WORDS, min_size=3, max_size=8).map(lambda words: "linia " + " ".join(words))


@given(st.lists(LINES, min_size=1, max_size=6), st.sampled_from([*JAN.values()]))
def test_no_word_of_the_text_is_lost(lines, form):
    body = "\n".join(lines)
    assert read(form.replace(BODY, body)).text.split() == body.split()
    assert read(body).text.split() == body.split()


@given(st.text(max_size=300))
def test_any_text_is_read_and_its_words_are_somewhere(text):
    read_ = read(text)
    there = " ".join((read_.text, read_.author, read_.link, read_.reporter))
    assert isinstance(read_, Pasted)
    assert not read_.text or set(read_.text.split()) - {"…"} <= set(text.split()) | {"…"}
    assert bool(there.strip()) == bool(text.strip()) or not read_.text


@pytest.mark.parametrize(
    "piece",
    ["x", "x\n", "· ", "1 ", "1\n", "https://", "Jan ", "12 komentarzy ", "Lubię to!\n", "› "],
)
def test_the_longest_text_is_read_at_once(piece):
    began = time.perf_counter()
    read((piece * 65_536)[:65_536])
    assert time.perf_counter() - began < 1
