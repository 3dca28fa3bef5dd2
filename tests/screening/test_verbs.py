"""Screening entries, and saving screeners."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from console.intake.importing import import_file
from console.intake.payload import read
from console.intake.receive import receive
from console.screening import expand, verbs
from console.screening.engine import Screening, Spec
from console.screening.reading import Invalid
from console.storage import db, now
from models import Hit, Screener
from tests.cast import event, fresh, idiot_screener, take

WORDS = Spec(None, "Wyzwiska", "words", "on", 1, "hate", {"alone": {"dureń": []}})


def test_saving_inflects_words_that_come_without_forms(app):
    if not expand.available():
        pytest.skip("the dictionary has wheels for x86-64 Linux only")
    screener, remarks = verbs.save(WORDS)
    assert {"dureń", "durnia", "durniem", "durniami"} <= set(screener.settings["alone"]["dureń"])
    assert remarks == []


def test_without_the_dictionary_the_typed_forms_are_kept_and_that_is_said(app, monkeypatch):
    monkeypatch.setattr(expand, "morfeusz2", None)
    screener, remarks = verbs.save(WORDS)
    assert screener.settings["alone"] == {"dureń": ["dureń"]}
    assert "not installed" in remarks[0]


def test_forms_that_somebody_edited_stay_as_they_are(app):
    edited = replace(WORDS, settings={"alone": {"dureń": ["dureń", "durniu"]}})
    screener, _notes = verbs.save(edited)
    assert screener.settings["alone"] == {"dureń": ["dureń", "durniu"]}


def test_saving_again_is_a_new_version(app):
    screener, _notes = verbs.save(WORDS)
    changed, _notes = verbs.save(replace(verbs.spec(screener), mode="shadow"))
    assert (changed.id, changed.version, changed.mode) == (screener.id, 2, "shadow")


def test_settings_that_make_no_sense_are_refused(app):
    with pytest.raises(Invalid, match="Wyzwiska"):
        verbs.save(replace(WORDS, kind="pattern", settings={"patterns": {"x": "("}}))
    assert not Screener.select().exists()


def test_a_hit_keeps_span_forms_screener_and_version(held):
    match = Hit.get()
    assert held.text[match.start : match.end] == match.form == "idiota"
    assert (match.base, match.screener.name, match.screener_version) == ("idiota", "Wyzwiska", 1)


def test_a_screener_on_trial_counts_and_does_not_hold(leoncin):
    verbs.save(replace(verbs.spec(Screener.get()), mode="shadow"))
    entry = take(leoncin, text="Sąsiad to idiota.")
    assert entry.is_published
    assert Hit.get().mode == "shadow"


def test_a_screener_that_is_off_finds_nothing(leoncin):
    verbs.save(replace(verbs.spec(Screener.get()), mode="off"))
    take(leoncin, text="Sąsiad to idiota.")
    assert not Hit.select().exists()


def test_a_changed_screener_judges_from_the_next_entry_on(leoncin):
    take(leoncin, id="before", text="To dureń.")
    verbs.save(replace(idiot_screener(), settings={"alone": {"dureń": ["dureń"]}}))
    assert take(leoncin, id="after", text="To dureń.").is_held


def test_a_change_is_seen_though_another_machines_clock_is_ahead(leoncin, monkeypatch):
    first, _notes = verbs.save(idiot_screener())
    second, _notes = verbs.save(idiot_screener())
    verbs.switch(Screener.get(Screener.id.not_in([first.id, second.id])), "off")
    early, late = now() + timedelta(hours=1), now() + timedelta(hours=2)
    for screener, moment in ((first, late), (second, early)):
        monkeypatch.setattr(verbs, "now", lambda moment=moment: moment)
        verbs.switch(screener, "off")
        found = verbs.screening_of(leoncin.id).run("Ten idiota.")
    assert not found


def test_a_groups_own_screener_judges_only_there(leoncin, elsewhere):
    own = replace(idiot_screener(), settings={"alone": {"dureń": ["dureń"]}})
    verbs.save(own, group=elsewhere)
    assert take(leoncin, text="To dureń.").is_published
    assert take(elsewhere, text="To dureń.").is_held


def test_a_screener_never_removes(held):
    assert fresh(held).is_held


# --- screened before the transaction -------------------------------------------------------------


@pytest.fixture
def begun(monkeypatch):
    """Whether a transaction was open each time when the pure screeners ran."""
    states = []
    run = Screening.run_pure

    def watched(self, *args):
        states.append(db.in_transaction())
        return run(self, *args)

    monkeypatch.setattr(Screening, "run_pure", watched)
    return states


def test_what_takes_time_is_screened_before_the_transaction_begins(leoncin, begun):
    assert take(leoncin, text="Sąsiad to idiota.").is_held
    assert begun == [False]


def test_an_import_screens_before_its_transaction_too(leoncin, begun, tmp_path):
    file = tmp_path / "week.jsonl"
    messages = [event(id=f"p{number}", text="Sąsiad to idiota.") for number in range(3)]
    file.write_text("\n".join(map(json.dumps, messages)))
    import_file(leoncin, file)
    assert begun == [False] * 3


def test_a_screener_that_changed_meanwhile_is_asked_again(leoncin, begun):
    before = verbs.prescreen(leoncin.id, "Sąsiad to dureń.", ())
    verbs.save(replace(WORDS, settings={"alone": {"dureń": ["dureń"]}}))
    message = read(event(text="Sąsiad to dureń."))
    entry = receive(leoncin, message, prescreened=before).entry
    assert fresh(entry).is_held
    assert begun == [False, True]
