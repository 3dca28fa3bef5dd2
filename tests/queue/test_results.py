"""A list, or all there is, by words and filters: in the list's order, and only one's own groups."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from console.entries import decisions
from console.groups import groups
from console.queue import results
from console.queue.criteria import AUTHOR_KINDS, OLDER, YOUNGER, Criteria
from console.queue.filter_choices import chips, choices
from console.queue.lists import PAGE, After
from console.queue.results import find
from console.screening import verbs as screening
from console.screening.engine import Spec
from console.storage import db, now
from models import Entry, Screener
from tests.cast import author, idiot_screener, rule, submission, take

STOPPED = {"by": "platform", "reason": "spam"}
EWA = {"id": "ewa", "name": "Ewa Kowalska"}


def ids(name: str, group_ids=None, after=None, **args) -> list[str]:
    page = find(name, group_ids, Criteria.parse({k: str(v) for k, v in args.items()}), after)
    return [Entry.get_by_id(entry.id).external_id for entry in page.entries]


def test_a_view_survives_its_address():
    args = {"q": "złodziej -x", "group": "leoncin", "kind": "safety", "screener": 3}
    args |= {"rule": "hate", "age": "old24h", "author": 17}
    criteria = Criteria.parse({name: str(value) for name, value in args.items()})
    assert criteria.args() == args
    assert criteria.without("q", "author").args() == {
        name: value for name, value in args.items() if name not in ("q", "author")
    }


def test_what_makes_no_sense_in_an_address_is_left_out():
    nonsense = {"q": "  ", "kind": "king", "screener": "0", "author": "９" * 3, "age": "1y"}
    assert Criteria.parse(nonsense) == Criteria()
    assert Criteria.parse({"author": "9" * 30, "screener": "-1"}).is_empty
    assert len(Criteria.parse({"q": "x" * 10_000}).q) == 200


def test_a_group_alone_is_no_search():
    assert Criteria.parse({"group": "leoncin"}).is_empty
    assert not Criteria.parse({"q": "x"}).is_empty
    assert not Criteria.parse({"age": "1h"}).is_empty


def test_a_search_keeps_to_its_list(leoncin, osp, anna):
    take(leoncin, id="held", text="To idiota, nie policjant.")
    take(leoncin, id="quiet", text="Policja jedzie.")
    take(leoncin, id="fire", text="Policja i OSP jadą.", author=author(osp))
    take(leoncin, id="gone", text="Policja śpi.")
    gone = Entry.get(Entry.external_id == "gone")
    decisions.remove(gone, anna, submission(gone), [rule(leoncin)])
    take(leoncin, "report.created", id="r", entry_id="quiet")
    assert ids("held", q="policj") == ["held"]
    assert ids("reported", q="policj") == ["quiet"]
    assert ids("incoming", q="policj") == ["fire"]
    assert ids("all", q="policj") == ["gone", "fire", "quiet", "held"]
    assert ids("all") == ["gone", "fire", "quiet", "held"]
    assert ids("all", q="strażak") == []


def test_what_is_found_stands_in_the_order_of_the_list(leoncin, osp, school):
    take(leoncin, id="resident", text="To idiota. Policja!")
    take(leoncin, id="school", author=author(school), held=STOPPED, text="Policja w szkole")
    take(leoncin, id="silent", text="Sami idioci.")
    take(leoncin, id="fire", author=author(osp), held=STOPPED, text="Policja i straż")
    assert ids("held", q="policj") == ["fire", "school", "resident"]
    assert ids("held", [leoncin.id], q="policj") == ["fire", "school", "resident"]


@pytest.mark.parametrize("name", ["held", "reported", "incoming", "all"])
@pytest.mark.parametrize("args", [{"q": "numer"}, {"age": "24h"}, {"q": "num", "age": "1h"}])
def test_pages_follow_each_other_without_a_gap_or_a_repetition(leoncin, osp, name, args):
    for number in range(PAGE + 7):
        if name == "incoming":
            take(leoncin, id=f"p{number}", text=f"numer {number}", author=author(osp))
        else:
            stopped = STOPPED if number % 3 == 0 else None
            take(leoncin, id=f"p{number}", text=f"Idiota numer {number}", held=stopped)
        if name == "reported":
            take(leoncin, "report.created", id=f"r{number}", entry_id=f"p{number}")
    criteria = Criteria.parse(args)
    first = find(name, [leoncin.id], criteria)
    second = find(name, [leoncin.id], criteria, After.parse(str(first.next)))
    assert (len(first.entries), len(second.entries), second.next) == (PAGE, 7, None)
    seen = [int(Entry.get_by_id(e.id).external_id[1:]) for e in first.entries + second.entries]
    assert seen == sorted(range(PAGE + 7), reverse=name in ("all", "incoming"))


@pytest.mark.parametrize("name", ["held", "all"])
def test_the_kind_of_the_authors_unit(leoncin, osp, school, name):
    for id, who in (("osp", author(osp)), ("school", author(school)), ("ewa", EWA)):
        take(leoncin, id=id, author=who, held=STOPPED)
    assert ids(name, kind="safety") == ["osp"]
    assert set(ids(name, kind="unit")) == {"osp", "school"}
    assert ids(name, kind="resident") == ["ewa"]
    assert ids(name, kind="resident", q="biblioteka") == ["ewa"]
    assert ids(name, kind="sport") == []


@pytest.mark.parametrize("name", ["held", "all"])
def test_a_screener_of_the_text_as_it_is_now(leoncin, name):
    shadow = Spec(None, "Auta", "words", "shadow", 1, "spam", {"alone": {"auto": ["auto"]}})
    auto, _notes = screening.save(shadow)
    idiot = Screener.get(Screener.name == "Wyzwiska")
    for id, text in {"both": "Idiota ma auto", "one": "Idiota", "was": "Auto! Idiota"}.items():
        take(leoncin, id=id, text=text)
    take(leoncin, "entry.updated", id="was", text="Sami idioci.")
    assert ids(name, screener=auto.id) == ["both"]
    assert set(ids(name, screener=idiot.id)) == {"both", "one", "was"}
    assert ids(name, screener=auto.id + 1) == []


def test_a_rule_is_tagged_or_suggested(leoncin, anna):
    take(leoncin, id="suggested", text="To idiota.")
    for id in ("tagged", "untagged", "spam"):
        entry = take(leoncin, id=id)
        decisions.tag(
            entry, anna, submission(entry), [rule(leoncin, "spam" if id == "spam" else "hate")]
        )
    untagged = Entry.get(Entry.external_id == "untagged")
    decisions.untag(untagged, anna, submission(untagged), [rule(leoncin)])
    assert set(ids("all", rule="hate")) == {"tagged", "suggested"}
    assert ids("all", rule="spam") == ["spam"]
    assert ids("held", rule="hate") == ["suggested"]
    assert ids("all", rule="x' OR 1=1") == []


@pytest.mark.parametrize(("name", "column"), [("held", "held_since"), ("all", "received")])
def test_younger_and_older(leoncin, name, column):
    for hours in (24 * 40, 24 * 10, 30, 2, 0):
        entry = take(leoncin, id=str(hours), text="To idiota.")
        setattr(entry, column, now() - timedelta(hours=hours))
        entry.save()
    assert set(ids(name, age="1h")) == {"0"}
    assert set(ids(name, age="24h")) == {"0", "2"}
    assert set(ids(name, age="7d")) == {"0", "2", "30"}
    assert set(ids(name, age="30d")) == {"0", "2", "30", "240"}
    assert set(ids(name, age="old1h")) == {"2", "30", "240", "960"}
    assert set(ids(name, age="old24h")) == {"30", "240", "960"}
    assert set(ids(name, age="old7d", q="idiot")) == {"240", "960"}


def test_younger_than_anything_there_is(leoncin):
    entry = take(leoncin, text="To idiota.")
    Entry.update(received=now() - timedelta(days=90)).where(Entry.id == entry.id).execute()
    assert ids("all", age="30d") == []


@pytest.mark.parametrize("name", ["held", "all"])
def test_an_author(leoncin, osp, name):
    take(leoncin, id="osp", author=author(osp), held=STOPPED)
    take(leoncin, id="ewa", author=EWA, held=STOPPED)
    assert ids(name, author=osp.id) == ["osp"]
    assert ids(name, author=osp.id, kind="resident") == []
    assert ids(name, author=10**8) == []


@pytest.mark.parametrize("name", ["held", "all"])
def test_everything_keeps_to_the_groups_one_may_see(leoncin, elsewhere, name):
    third = groups.create("third", "Trzecia", leoncin.municipality)
    for group in (leoncin, elsewhere, third):
        take(group, id=group.slug, text="To idiota.")
    there = Entry.get(Entry.group == elsewhere)
    for args in ({"q": "idiot"}, {"rule": "hate"}, {"age": "1h"}, {"kind": "resident"}):
        assert ids(name, [leoncin.id], **args) == ["leoncin"]
        assert set(ids(name, [leoncin.id, third.id], **args)) == {"leoncin", "third"}
        assert set(ids(name, None, **args)) == {"leoncin", "third", "czosnow"}
        assert ids(name, [], **args) == []
    assert ids(name, [leoncin.id], author=there.profile_id) == []


def test_a_search_is_one_query_with_the_names_of_its_filters(leoncin):
    entry = take(leoncin, text="To idiota.", author=EWA)
    screener = Screener.get()
    args = {"q": "idiot", "rule": "hate", "screener": screener.id, "author": entry.profile_id}
    for name in ("held", "all"):
        with count_queries() as counted:
            page = find(name, [leoncin.id], Criteria(**args))
        assert counted.count == 1
        assert len(page.entries) == 1
        assert page.names == {
            "screener": "Wyzwiska",
            "rule": rule(leoncin).name,
            "author": "Ewa Kowalska",
        }
    nothing = find("held", [leoncin.id], Criteria(**args | {"q": "strażak"}))
    assert (nothing.entries, nothing.names) == ([], page.names)


def test_names_of_another_group_do_not_leak(leoncin, elsewhere):
    secret, _notes = screening.save(replace(idiot_screener(), name="Tajny"), elsewhere)
    there = take(elsewhere, author={"id": "x", "name": "Ukryty"})
    criteria = Criteria(screener=secret.id, author=there.profile_id, rule="local")
    names = find("all", [leoncin.id], criteria).names
    assert names == {"screener": None, "rule": None, "author": None}
    labels = " ".join(chip.label for chip in chips(criteria, names))
    assert "Tajny" not in labels
    assert "Ukryty" not in labels
    assert "Tajny" not in dict(choices([leoncin]).screeners).values()
    assert "Tajny" in dict(choices([leoncin, elsewhere]).screeners).values()


def test_each_filter_in_force_is_a_chip_that_drops_it(leoncin):
    criteria = Criteria.parse({"q": "x", "group": "leoncin", "kind": "unit", "age": "1h"})
    shown = chips(criteria, {}, leoncin)
    assert [criteria.args().keys() - chip.rest.args().keys() for chip in shown] == [
        {"group"},
        {"kind"},
        {"age"},
    ]
    assert chips(Criteria(q="x"), {}) == []


def test_every_kind_and_age_has_its_words(leoncin):
    there_are = choices([leoncin])
    assert tuple(kind for kind, _words in there_are.kinds) == AUTHOR_KINDS
    assert [age for age, _words in there_are.ages] == [*YOUNGER, *OLDER]
    assert len(there_are.rules) == 12
    assert all(find("held", None, Criteria(age=age)).entries == [] for age in (*YOUNGER, *OLDER))


def test_a_query_without_a_word_finds_nothing_and_says_why(held):
    criteria = Criteria.parse({"q": "!!!"})
    assert criteria.is_unsearchable
    assert find("held", None, criteria).entries == []
    assert not Criteria.parse({"kind": "unit"}).is_unsearchable


@pytest.fixture
def diary(leoncin):
    """An entry an hour before and after each midnight in Warsaw of three days."""
    for hour in ("2026-06-09T23", "2026-06-10T01", "2026-06-10T23", "2026-06-11T01"):
        take(leoncin, id=hour, text="To idiota.", created_at=f"{hour}:00:00+02:00")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-06-10", "2026-06-10", ["2026-06-10T23", "2026-06-10T01"]),
        ("2026-06-10", "", ["2026-06-11T01", "2026-06-10T23", "2026-06-10T01"]),
        ("", "2026-06-09", ["2026-06-09T23"]),
        ("2026-06-12", "", []),
        ("2026-06-11", "2026-06-10", []),
    ],
)
def test_entries_are_found_by_their_days_of_publication_in_warsaw(
    leoncin, diary, first, last, expected
):
    criteria = Criteria(published_from=first, published_to=last)
    for within in (None, [leoncin.id]):
        found = find("all", within, criteria).entries
        assert [Entry.get_by_id(row.id).external_id for row in found] == expected
        held = find("held", within, criteria).entries
        assert {row.id for row in held} == {row.id for row in found}
        words = find("all", within, criteria._replace(q="idiota")).entries
        assert {row.id for row in words} == {row.id for row in found}


def test_pages_between_two_days_follow_each_other_in_the_order_of_publication(leoncin):
    for number in range(PAGE + 3):
        take(leoncin, id=f"p{number}", created_at=f"2026-06-{1 + number % 20:02}T12:00:00Z")
    criteria = Criteria(published_from="2026-06-01", published_to="2026-06-30")
    first = find("all", None, criteria)
    second = find("all", None, criteria, After.parse(str(first.next)))
    rows = first.entries + second.entries
    assert len(rows) == PAGE + 3
    assert rows == sorted(rows, key=lambda row: (row.created, row.id), reverse=True)


@pytest.mark.databases("sqlite")
def test_days_of_publication_are_read_from_their_index_in_some_groups_as_in_all(leoncin):
    criteria = Criteria(published_from="2026-06-10", published_to="2026-06-11")
    for within in (None, [leoncin.id]):
        sql, values = results._ids_of_all(within, criteria, None).limit(PAGE).sql()
        plan = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert plan == [
            "SEARCH t1 USING COVERING INDEX entry_created (created>? AND created<?)",
        ]


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "0000-00-00", "9999-12-31", "20261"])
def test_an_impossible_day_finds_nothing_and_is_named(browse, anna, diary, day):
    assert find("all", None, Criteria(published_from=day)).entries == []
    page = browse(anna).get(f"/queue/held?published_to={day}").text
    assert f"Nie ma takiego dnia: {day}" in page
    assert "<article" not in page
