"""Who removed an entry on the platform, and reports that are taken back."""

from itertools import permutations

import pytest

from console.entries import decisions
from console.errors import BadPayload
from console.intake.payload import read
from console.intake.receive import receive
from console.queue import authors
from console.queue.card_rows import rows_of
from console.queue.cards import cards
from console.queue.sentences import sentence
from console.queue.trail import trail
from console.storage import now
from models import Decision, Entry, Report
from tests.cast import DAY, event, fresh, rule, submission, take

BEFORE = now() - DAY


def removal(group, by: str | None = None, **data) -> Entry:
    told = {"id": "p1"} | ({"by": by} if by else {}) | data
    moment = now().isoformat()
    receive(group, read({"type": "entry.removed", "timestamp": moment, "data": told}))
    return Entry.get()


@pytest.mark.parametrize(
    "said", [{}, {"text": ""}, {"text": "Zupełnie co innego", "links": [], "media": []}], ids=str
)
def test_a_removal_keeps_the_last_text(leoncin, said):
    photo = {"type": "photo", "url": "https://a.example/1.jpg"}
    take(leoncin, at=BEFORE, text="Dzień dobry", media=[photo], links=["https://a.example/"])
    entry = removal(leoncin, **said)
    assert entry.is_removed
    assert (entry.text, entry.media, entry.links) == (
        "Dzień dobry",
        [photo],
        ["https://a.example/"],
    )
    assert entry.revisions.count() == 0


def test_a_removal_of_what_is_not_known_must_be_whole(leoncin):
    with pytest.raises(BadPayload, match="kind: .*the entry is not known"):
        removal(leoncin)
    with pytest.raises(BadPayload, match="text: .*the entry is not known"):
        take(leoncin, "entry.removed", text="")
    photo = {"type": "photo", "url": "https://a.example/1.jpg"}
    assert take(leoncin, "entry.removed", id="photo", text="", media=[photo]).is_removed
    assert take(leoncin, "entry.removed").is_removed


@pytest.mark.parametrize(
    ("by", "actor", "words"),
    [
        (None, Decision.PLATFORM, "platforma"),
        ("platform", Decision.PLATFORM, "platforma"),
        ("author", Decision.AUTHOR, "autor, na platformie"),
        ("staff", Decision.PLATFORM_STAFF, "obsługa, na samej platformie"),
    ],
)
def test_the_trail_says_who_removed_it(leoncin, by, actor, words):
    take(leoncin, at=BEFORE)
    removal(leoncin, by)
    decision = Decision.get()
    assert decision.actor == actor
    assert sentence(decision) == f"Usunięto – {words}"


@pytest.mark.parametrize(("by", "counted"), [("author", 0), ("staff", 1)])
def test_only_what_others_removed_is_a_removal_in_the_authors_history(leoncin, by, counted):
    take(leoncin, at=BEFORE)
    entry = removal(leoncin, by)
    (card,) = cards(list(rows_of([entry.id])))
    assert card.past.removed == counted
    assert authors.about(entry.profile).figures.removed == counted


def test_what_staff_removed_there_hides_no_rule_of_an_earlier_removal(leoncin, anna):
    first = take(leoncin, at=BEFORE, id="first")
    take(leoncin, at=BEFORE)
    decisions.remove(first, anna, submission(first), [rule(leoncin)])
    removal(leoncin, "staff")
    (card,) = cards(list(rows_of([first.id])))
    assert (card.past.removed, card.past.last_rule) == (2, "Hejt – atak na osobę")


def test_what_staff_had_removed_and_restored_before_its_author_deleted_it_is_no_removal(
    leoncin, anna
):
    entry = take(leoncin, at=BEFORE)
    decisions.remove(entry, anna, submission(entry), [rule(leoncin)])
    decisions.release(entry, anna, submission(entry))
    removal(leoncin, "author")
    assert authors.about(entry.profile).figures.removed == 0


def test_what_its_author_deleted_first_and_staff_removed_later_is_a_removal(leoncin, anna):
    entry = take(leoncin, at=BEFORE)
    removal(leoncin, "author")
    decisions.release(entry, anna, submission(entry))
    decisions.remove(entry, anna, submission(entry), [rule(leoncin)])
    assert authors.about(entry.profile).figures.removed == 1


def test_reports_stay_moot_though_staff_restored_it_for_a_moment(leoncin, anna):
    entry = take(leoncin, at=BEFORE)
    removal(leoncin, "author")
    decisions.release(entry, anna, submission(entry))
    decisions.undo(entry, anna, submission(entry))
    take(leoncin, "report.created")
    assert Report.get().state == Report.MOOT


def test_an_edit_that_arrives_after_the_removal_is_still_taken(leoncin):
    take(leoncin, at=BEFORE, text="Pierwszy")
    removal(leoncin, text="")
    entry = take(leoncin, "entry.updated", BEFORE + DAY / 2, text="Ostatni")
    assert (entry.state, entry.text) == ("removed", "Ostatni")


def test_what_its_author_deleted_makes_open_and_later_reports_moot(leoncin):
    take(leoncin, at=BEFORE)
    take(leoncin, "report.created", id="open")
    assert not removal(leoncin, "author").is_reported
    take(leoncin, "report.created", id="late")
    assert [report.state for report in Report.select()] == [Report.MOOT, Report.MOOT]


def test_what_staff_removed_on_the_platform_upholds_reports(leoncin):
    take(leoncin, at=BEFORE)
    take(leoncin, "report.created", id="open")
    removal(leoncin, "staff")
    take(leoncin, "report.created", id="late")
    assert [report.state for report in Report.select()] == [Report.UPHELD, Report.UPHELD]


def test_what_its_author_deleted_and_published_again_is_back(leoncin):
    take(leoncin, at=BEFORE)
    removal(leoncin, "author")
    assert take(leoncin, "entry.updated").is_published


# --- reports taken back ---------------------------------------------------------------------------

MESSAGES = {
    "entry": event(),
    "report": event("report.created"),
    "withdrawal": {
        "type": "report.withdrawn",
        "timestamp": now().isoformat(),
        "data": {"id": "r1"},
    },
}


@pytest.mark.parametrize("order", list(permutations(MESSAGES)), ids=" ".join)
def test_in_whatever_order_messages_come_a_report_taken_back_is_not_open(leoncin, order):
    for name in (*order, *order):
        receive(leoncin, read(MESSAGES[name]))
    report = Report.get()
    assert (report.state, report.reason, report.reporter_name) == ("withdrawn", "hejt", "Jan Nowak")
    assert report.entry == Entry.get()
    assert not Entry.get().is_reported
    assert Report.select().count() == 1


def test_of_two_reports_the_other_one_stays_open(leoncin):
    take(leoncin)
    take(leoncin, "report.created", id="r1")
    take(leoncin, "report.created", id="r2")
    receive(leoncin, read(MESSAGES["withdrawal"]))
    assert Entry.get().is_reported
    states = {report.external_id: report.state for report in Report.select()}
    assert states == {"r1": "withdrawn", "r2": "open"}
    assert any(
        line.sentence == "Zgłoszenie wycofano – Jan Nowak" for line in trail(Entry.get()).lines
    )


def test_an_answer_stands_though_the_report_is_taken_back_and_undo_does_not_reopen_it(
    leoncin, anna
):
    entry = take(leoncin)
    take(leoncin, "report.created")
    decisions.remove(entry, anna, submission(entry), [rule(leoncin)])
    receive(leoncin, read(MESSAGES["withdrawal"]))
    assert Report.get().state == Report.UPHELD
    decisions.undo(entry, anna, submission(entry))
    assert Report.get().state == Report.WITHDRAWN
    assert not fresh(entry).is_reported
