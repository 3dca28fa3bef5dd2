"""What an entry is about: guessed as it comes in, set by a person; and what is urgent by it."""

from datetime import timedelta

import pytest

from console.entries.topics import set_topic
from console.errors import Refused
from console.groups import units
from console.storage import now
from models import Entry, Event
from tests.cast import author, fresh, take

MINUTE = timedelta(minutes=1)
HELD = {"by": "platform", "reason": "wykryto możliwy spam"}
STORM = "Ostrzeżenie przed burzą z gradem. Dziś od 18:00 nie wychodźcie z domów."
PICNIC = "Piknik strażacki w niedzielę! Grochówka, dmuchańce, wieczorem tańce."


@pytest.fixture
def hall(leoncin):
    unit = units.name_unit(leoncin, "authority", "urząd gminy", "Urząd Gminy Leoncin")
    return units.designate(unit, "hall", "Urząd Gminy Leoncin", "https://www.facebook.com/ug")


def test_a_storm_warning_of_the_town_hall_is_more_urgent_than_the_fire_brigades_picnic(
    leoncin, hall, osp
):
    warning = take(leoncin, "entry.held", id="w", author=author(hall), text=STORM, held=HELD)
    picnic = take(leoncin, "entry.held", id="p", author=author(osp), text=PICNIC, held=HELD)
    assert (warning.topic, warning.urgency) == ("safety", 2)
    assert (picnic.topic, picnic.urgency) == ("culture", 1)


def test_a_units_entry_has_a_guessed_topic_and_a_residents_has_none(leoncin, school):
    entry = take(leoncin, author=author(school), text="Rekrutacja do klas pierwszych.")
    assert (entry.topic, entry.topic_by) == ("education", None)
    assert take(leoncin, id="resident", text=STORM).topic == ""


def test_an_edit_is_guessed_anew_and_ranked_anew(leoncin, hall):
    start = now() - timedelta(hours=1)
    take(leoncin, "entry.held", start, author=author(hall), text=PICNIC, held=HELD)
    entry = take(
        leoncin, "entry.updated", start + MINUTE, author=author(hall), text=STORM, held=HELD
    )
    assert (entry.topic, entry.urgency) == ("safety", 2)


def test_what_a_person_set_no_edit_changes(leoncin, hall, anna):
    start = now() - timedelta(hours=1)
    entry = take(leoncin, "entry.held", start, author=author(hall), text=PICNIC, held=HELD)
    set_topic(entry, "sport", anna)
    entry = take(
        leoncin, "entry.updated", start + MINUTE, author=author(hall), text=STORM, held=HELD
    )
    assert (entry.topic, entry.topic_by, entry.urgency) == ("sport", anna, 1)


def test_another_topic_ranks_what_is_held_anew_and_leaves_its_version(leoncin, hall, anna):
    entry = take(leoncin, "entry.held", author=author(hall), text=PICNIC, held=HELD)
    before = Event.select().count()
    set_topic(entry, "safety", anna)
    ranked = fresh(entry)
    assert (ranked.topic, ranked.topic_by, ranked.urgency) == ("safety", anna, 2)
    assert ranked.version == entry.version
    assert Event.select().count() == before + 1
    set_topic(entry, "culture", anna)
    assert fresh(entry).urgency == 1


def test_the_same_topic_again_changes_nothing_but_makes_a_guess_a_persons_word(
    leoncin, hall, anna, administrator
):
    entry = take(leoncin, "entry.held", author=author(hall), text=STORM, held=HELD)
    set_topic(entry, "safety", anna)
    before = Event.select().count()
    set_topic(entry, "safety", administrator)
    assert fresh(entry).topic_by == anna
    assert Event.select().count() == before


def test_an_overdue_entry_keeps_its_place(leoncin, hall, anna):
    entry = take(leoncin, "entry.held", author=author(hall), text=PICNIC, held=HELD)
    Entry.update(overdue=True).execute()
    set_topic(entry, "safety", anna)
    assert (fresh(entry).topic, fresh(entry).urgency) == ("safety", 1)


def test_what_screening_holds_is_not_urgent_whatever_it_is_about(leoncin, held, anna):
    set_topic(held, "safety", anna)
    assert (fresh(held).topic, fresh(held).urgency) == ("safety", 0)


def test_a_topic_that_is_none_is_refused(held, anna):
    with pytest.raises(Refused):
        set_topic(held, "weather", anna)
    assert fresh(held).topic == ""
