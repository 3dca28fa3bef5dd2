"""The pages on which administrators set up screeners."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from console.screening import expand, verbs
from console.screening.builtin import builtin_screeners
from console.screening.engine import SCREENER_KINDS, Spec
from console.storage import db, now
from models import Entry, Hit, Replay, Screener
from tests.cast import DAY, beside, fresh, take
from tests.screening.forms import form_of

NEW = {"name": "Moje", "rule": "hate", "mode": "on", "group": ""}
MADE = {
    "words": {"alone": "dureń"},
    "pattern": {"pattern_name": ["zły"], "pattern": ["zl[yia]"]},
    "link": {"domains": "bit.ly\n.xyz", "most": "3"},
    "repeat": {"hours": "24", "times": "2"},
    "newcomer": {"entries": "3", "with": ["link"]},
    "personal-data": {"find": ["pesel"]},
    "shouting": {"letters": "40", "share": "70"},
}


@pytest.fixture
def screener(leoncin) -> Screener:
    return Screener.get()


@pytest.fixture
def client(browse, administrator):
    return browse(administrator)


def form(client, screener: Screener, **changed) -> dict:
    return form_of(client.get(f"/screening/{screener.id}").text) | changed


# --- the list -------------------------------------------------------------------------------------


@pytest.mark.databases("sqlite", "postgres")
def test_the_list_says_what_each_screener_is_and_found(client, leoncin, screener):
    verbs.save(Spec(None, "Cichy", "words", "shadow", 1, "spam", {"alone": {"kanapa": ["kanapę"]}}))
    for number in range(2):
        take(leoncin, id=f"i{number}", text="To idiota, naprawdę idiota.")
    take(leoncin, id="k", text="Oddam kanapę.")
    page = client.get("/screening/").text
    rows = page.split('<li class="panel ')[1:]
    loud, silent = (next(row for row in rows if f">{n}</a>" in row) for n in ("Wyzwiska", "Cichy"))
    assert "Hejt" in loud
    assert "2 " in loud.split('class="counts">')[1].split("</p>")[0]
    assert "1 " in silent.split('class="counts">')[1].split("</p>")[0]
    assert "mode shadow" in silent


@pytest.mark.databases("sqlite", "postgres")
def test_what_was_found_over_a_week_ago_is_not_counted(client, leoncin):
    old = take(leoncin, id="old", text="To idiota.")
    Entry.update(received=now() - 8 * DAY).where(Entry.id == old.id).execute()
    assert Hit.select().exists()
    take(leoncin, id="new", text="Jaki idiota.")
    counts = client.get("/screening/").text.split('class="counts">')[1].split("</p>")[0]
    assert "1 " in counts
    assert "2 " not in counts


@pytest.mark.databases("sqlite", "postgres")
def test_the_list_asks_the_same_of_few_and_of_many(client, leoncin, elsewhere):
    def queries() -> int:
        with count_queries() as counted:
            assert client.get("/screening/").status_code == 200
        return counted.count

    few = queries()
    for number, spec in enumerate(builtin_screeners()):
        verbs.save(replace(spec, rule=f"own-{number}"), elsewhere)
        take(leoncin, id=f"i{number}", text="To idiota.")
    assert queries() == few
    assert few <= 10


def test_a_button_switches_a_screener_and_a_second_click_changes_nothing(client, leoncin, screener):
    for _click in range(2):
        answer = client.submit(f"/screening/{screener.id}/mode", mode="off")
        assert answer.status_code == 303
        assert (fresh(screener).mode, fresh(screener).version) == ("off", 2)
    assert take(leoncin, text="To idiota.").is_published


@pytest.mark.parametrize("mode", ["", "loud", "on \u200b", "9" * 5000])
def test_a_mode_that_is_none_is_not_found(client, screener, mode):
    assert client.submit(f"/screening/{screener.id}/mode", mode=mode).status_code == 404
    assert fresh(screener).version == 1


# --- editing --------------------------------------------------------------------------------------


def test_each_delivered_screener_is_the_same_after_its_form_was_sent_back(client, leoncin):
    verbs.Screener.delete().execute()
    for each in builtin_screeners():
        screener, _notes = verbs.save(each)
        before = screener.settings
        answer = client.submit(f"/screening/{screener.id}", do="save", **form(client, screener))
        assert answer.status_code == 303, screener.name
        now_is = fresh(screener)
        after = now_is.settings
        if "cues" in before:  # shown in an order of its own
            before["cues"], after["cues"] = sorted(before["cues"]), sorted(after["cues"])
        assert {k: v for k, v in after.items() if v or k in before} == before, screener.name
        assert (now_is.version, now_is.mode, now_is.rule) == (2, each.mode, each.rule)


@pytest.mark.parametrize("kind", SCREENER_KINDS)
def test_a_screener_of_each_kind_can_be_added(client, leoncin, kind):
    assert client.get(f"/screening/new/{kind}").status_code == 200
    answer = client.submit(f"/screening/new/{kind}", do="save", **NEW, **MADE[kind])
    assert answer.status_code == 303
    made = Screener.get(Screener.name == "Moje")
    assert (made.kind, made.rule, made.mode, made.version) == (kind, "hate", "on", 1)
    page = client.get(answer.location).text
    assert "Zapisano. Od teraz zatrzymuje" in page


def test_what_is_said_of_a_saved_screener_is_true_of_its_mode(client, screener):
    for mode, words in (
        ("on", "Od teraz zatrzymuje"),
        ("shadow", "na próbę"),
        ("off", "nic nie robi"),
    ):
        answer = client.submit(f"/screening/{screener.id}", **form(client, screener, mode=mode))
        done = client.get(answer.location).text.split('class="done"')[1].split("</p>")[0]
        assert words in done
        assert ("zatrzymuje" in done) == (mode != "off")
        assert ("niczego nie zatrzymuje" in done) == (mode == "shadow")


def test_the_settings_are_typed_and_not_raw(client, leoncin):
    for kind in SCREENER_KINDS:
        client.submit(f"/screening/new/{kind}", **NEW | {"name": kind}, **MADE[kind])
    made = {s.kind: s.settings for s in Screener.select().where(Screener.name.in_(SCREENER_KINDS))}
    assert made["pattern"] == {"patterns": {"zły": "zl[yia]"}}
    assert made["link"] == {"domains": ["bit.ly", ".xyz"], "most": 3}
    assert made["repeat"] == {"hours": 24, "times": 2, "same_author": False}
    assert made["shouting"] == {"letters": 40, "share": 0.7}
    assert made["personal-data"] == {"find": ["pesel"]}


def test_a_screener_can_be_given_to_one_group(client, leoncin, elsewhere, screener):
    sent = form(client, screener, group=str(elsewhere.id))
    assert client.submit(f"/screening/{screener.id}", **sent).status_code == 303
    assert take(leoncin, text="To idiota.").is_published
    assert take(elsewhere, text="To idiota.").is_held


def test_settings_that_the_form_does_not_show_are_kept(client, leoncin):
    shy, _notes = verbs.save(Spec(None, "Krzyk", "shouting", "on", 1, "spam", {"colour": "red"}))
    client.submit(f"/screening/{shy.id}", **form(client, shy, letters="50"))
    assert fresh(shy).settings == {"colour": "red", "letters": 50, "share": 0.7}


@pytest.mark.databases("sqlite", "postgres")
def test_a_stale_form_is_refused_and_keeps_what_was_typed(client, leoncin, screener):
    mine = form(client, screener, name="Moja nazwa")
    theirs = form(client, screener, name="Ich nazwa")
    assert client.submit(f"/screening/{screener.id}", **theirs).status_code == 303
    answer = client.submit(f"/screening/{screener.id}", **mine)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert 'value="Moja nazwa"' in answer.text
    assert (fresh(screener).name, fresh(screener).version) == ("Ich nazwa", 2)
    # Saving again is done knowingly.
    assert client.submit(f"/screening/{screener.id}", **form_of(answer.text)).status_code == 303
    assert fresh(screener).name == "Moja nazwa"


@pytest.mark.databases("sqlite", "postgres")
def test_the_same_form_twice_is_kept_once(client, screener):
    sent = form(client, screener, name="Raz")
    first = client.submit(f"/screening/{screener.id}", **sent)
    second = client.submit(f"/screening/{screener.id}", **sent)
    assert (first.status_code, second.status_code) == (303, 409)
    assert fresh(screener).version == 2


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("words", {"alone": ""}),
        ("words", {"alone": "!!!"}),
        ("words", {"alone": "\n".join(f"słowo{n}" for n in range(2001))}),
        ("words", {"name": ""}),
        ("words", {"name": "x" * 81}),
        ("words", {"rule": "none-such"}),
        ("words", {"rule": ""}),
        ("words", {"mode": "loud"}),
        ("words", {"group": "999999"}),
        ("words", {"group": "9" * 5000}),
        ("words", {"group": "x"}),
        ("pattern", {"pattern": ["("]}),
        ("pattern", {"pattern": [""]}),
        ("pattern", {"pattern": ["a*"]}),
        ("pattern", {"pattern": ["a", "b"], "pattern_name": ["x", "x"]}),
        ("link", {"domains": "to nie domena!"}),
        ("link", {"domains": "", "most": ""}),
        ("link", {"most": "2.5"}),
        ("repeat", {"hours": "dużo"}),
        ("repeat", {"hours": "9" * 5000}),
        ("repeat", {"hours": "nan"}),
        ("repeat", {"times": "0"}),
        ("repeat", {"hours": "73"}),
        ("newcomer", {"entries": "-1"}),
        ("newcomer", {"entries": "21"}),
        ("personal-data", {"find": []}),
        ("shouting", {"share": "1"}),
        ("shouting", {"share": "101"}),
        ("shouting", {"letters": ""}),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_what_cannot_be_is_refused_with_a_reason_and_kept(client, leoncin, kind, wrong):
    sent = NEW | MADE[kind] | {"name": "Zostaje"} | wrong
    answer = client.submit(f"/screening/new/{kind}", do="save", **sent)
    assert answer.status_code == 400
    refusal = beside(answer, next(iter(wrong)).replace("pattern", "patterns"))
    assert len(refusal) > 10
    assert "{" not in refusal
    kept = form_of(answer.text)
    assert kept["name"] == [wrong.get("name", "Zostaje")]
    choices = {"rule", "group", "mode", "find"}  # they show none but their own
    for key in wrong.keys() - choices:
        typed = wrong[key] if isinstance(wrong[key], list) else [wrong[key]]
        assert kept[key][: len(typed)] == [text.replace("\n", "\r\n") for text in typed]
    assert Screener.select().count() == 1


def test_an_unknown_act_is_not_found(client, screener):
    sent = form(client, screener, do="erase")
    assert client.submit(f"/screening/{screener.id}", **sent).status_code == 404
    assert fresh(screener).version == 1


def test_an_empty_form_is_refused(client, screener):
    assert client.submit("/screening/new/words").status_code == 400
    assert client.submit(f"/screening/{screener.id}").status_code == 400


def test_what_is_typed_is_shown_as_text(client, leoncin):
    script = "<script>alert(1)</script>"
    sent = NEW | {"name": script, "alone": script, "text": script, "do": "try"}
    page = client.submit("/screening/new/words", **sent).text
    assert script not in page
    assert "&lt;script&gt;" in page


# --- words ----------------------------------------------------------------------------------------


def test_the_forms_of_a_word_are_shown_and_can_be_changed(client, screener):
    sent = form(client, screener)
    assert sent["alone.base"] == ["idiota"]
    assert "idiotami" in sent["alone.forms"][0]
    sent["alone.forms"] = ["idiota, idiotko"]
    client.submit(f"/screening/{screener.id}", **sent)
    assert fresh(screener).settings["alone"] == {"idiota": ["idiota", "idiotko"]}


@pytest.mark.skipif(
    not expand.available(), reason="the dictionary has wheels for x86-64 Linux only"
)
def test_a_button_inflects_the_new_words_and_leaves_the_others(client, screener):
    sent = form(client, screener, alone="idiota\r\ndureń\r\nqwrtz", do="inflect")
    answer = client.submit(f"/screening/{screener.id}", **sent)
    filled = form_of(answer.text)
    forms = dict(zip(filled["alone.base"], filled["alone.forms"], strict=True))
    assert forms["idiota"] == sent["alone.forms"][0]
    assert "durniami" in forms["dureń"]
    assert forms["qwrtz"] == "qwrtz"
    assert "qwrtz:" in answer.text.split('class="remarks"')[1]
    assert fresh(screener).version == 1


@pytest.mark.skipif(
    not expand.available(), reason="the dictionary has wheels for x86-64 Linux only"
)
def test_after_saving_the_page_names_the_words_that_were_not_inflected(client, screener):
    sent = form(client, screener, alone="idiota\r\nqwrtz")
    answer = client.submit(f"/screening/{screener.id}", **sent)
    assert "qwrtz:" in client.get(answer.location).text.split('class="remarks"')[1]


def test_without_the_dictionary_the_typed_form_is_kept_and_that_is_said(
    client, screener, monkeypatch
):
    monkeypatch.setattr(expand, "morfeusz2", None)
    sent = form(client, screener, alone="idiota\r\ndureń", do="inflect")
    answer = client.submit(f"/screening/{screener.id}", **sent)
    assert 'class="remarks"' in answer.text
    assert form_of(answer.text)["alone.forms"][1] == "dureń"


def test_a_word_that_becomes_ambiguous_keeps_its_forms_and_needs_a_cue(client, leoncin, screener):
    forms = screener.settings["alone"]["idiota"]
    sent = form(client, screener, alone="", with_cue="idiota")
    client.submit(f"/screening/{screener.id}", **sent)
    assert fresh(screener).settings["with_cue"] == {"idiota": forms}
    assert take(leoncin, id="a", text="Film Idiota w kinie.").is_published
    assert take(leoncin, id="b", text="Ty jesteś idiota.").is_held


def test_a_word_taken_from_the_list_takes_its_forms_along(client, leoncin, screener):
    sent = form(client, screener, alone="głupek")
    client.submit(f"/screening/{screener.id}", **sent)
    assert list(fresh(screener).settings["alone"]) == ["głupek"]


# --- trying ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [True, False])
def test_the_list_tries_a_text_on_all_screeners(client, leoncin, htmx):
    verbs.save(Spec(None, "Cichy", "words", "shadow", 1, "spam", {"alone": {"kanapa": ["kanapę"]}}))
    answer = client.submit("/screening/try", htmx=htmx, text="Ten idiota oddał <b>kanapę</b>.")
    assert answer.status_code == 200
    assert "<mark>idiota</mark>" in answer.text
    assert "<mark>kanapę</mark>" in answer.text
    assert "<b>kan" not in answer.text
    shadow = answer.text.split('class="reasons shadow"')[1]
    assert "Cichy" in shadow
    assert "Wyzwiska" not in shadow.split("</ul>")[0]
    assert answer.text.startswith("<div") == htmx
    assert not Entry.select().exists()


def test_a_text_can_be_tried_as_in_a_group_with_screeners_of_its_own(client, leoncin, elsewhere):
    own = Spec(None, "Nasz", "words", "on", 1, "spam", {"alone": {"kanapa": ["kanapę"]}})
    verbs.save(own, elsewhere)
    there = client.submit("/screening/try", htmx=True, text="kanapę", group=str(elsewhere.id))
    anywhere = client.submit("/screening/try", htmx=True, text="kanapę")
    assert "<mark>" in there.text
    assert "<mark>" not in anywhere.text
    assert client.submit("/screening/try", text="x", group="999").status_code == 400


@pytest.mark.parametrize("htmx", [True, False])
def test_the_form_tries_itself_unsaved(client, screener, htmx):
    sent = form(client, screener, alone="kanapa", **{"alone.base": ["kanapa"]})
    sent |= {"alone.forms": ["kanapę"], "text": "Oddam kanapę.", "do": "try", "mode": "off"}
    answer = client.submit(f"/screening/{screener.id}", htmx=htmx, **sent)
    assert "Oddam <mark>kanapę</mark>" in answer.text
    assert fresh(screener).version == 1
    assert "Jest wyłączony. Gdyby był włączony:" in answer.text
    if not htmx:
        assert form_of(answer.text)["alone"] == ["kanapa"]


@pytest.mark.parametrize("kind", SCREENER_KINDS)
def test_a_new_form_that_is_tried_or_checked_is_come_back_to_as_it_was_typed(
    client, leoncin, elsewhere, kind
):
    sent = NEW | MADE[kind] | {"mode": "off", "group": str(elsewhere.id), "last": "500"}
    tried = form_of(client.submit(f"/screening/new/{kind}", do="try", text="Coś", **sent).text)
    assert tried.pop("text") == ["Coś"]
    checked = client.submit(f"/screening/new/{kind}", do="replay", **sent)
    page = client.get(checked.location).text
    (way,) = re.findall(r'<a href="(/screening/new/[^"]*)">', page)
    kept = form_of(client.get(way).text)
    shown = {
        "version",
        "text",
        "do",
        *(name for name in kept if name.endswith((".base", ".forms"))),
    }
    for name in kept.keys() - shown:
        assert kept[name] == tried[name], name
    assert not Screener.select().where(Screener.name == "Moje").exists()
    assert client.submit(f"/screening/new/{kind}", **kept).status_code == 303
    assert Screener.get(Screener.name == "Moje").group == elsewhere


def test_a_changed_form_that_was_checked_is_come_back_to_and_still_stale(client, screener):
    sent = form(client, screener, name="Zmieniony", do="replay", last="500")
    page = client.get(client.submit(f"/screening/{screener.id}", **sent).location).text
    (way,) = re.findall(rf'<a href="(/screening/{screener.id}[^"]*)">', page)
    verbs.switch(screener, "off")
    kept = form_of(client.get(way).text)
    assert kept["name"] == ["Zmieniony"]
    assert client.submit(f"/screening/{screener.id}", **kept).status_code == 409


def test_a_replay_of_another_form_does_not_fill_it(client, screener):
    sent = NEW | MADE["link"] | {"do": "replay", "last": "500"}
    id = client.submit("/screening/new/link", **sent).location.split("/")[-1]
    for path in ("/screening/new/words", f"/screening/{screener.id}"):
        for checked in (id, "999", "x", "9" * 40):
            kept = form_of(client.get(path, query_string={"checked": checked}).text)
            assert kept["name"] != ["Moje"]


def test_trying_a_form_at_every_stroke_asks_for_little(client, screener):
    sent = form(client, screener) | {"text": "idiota", "do": "try"}
    asked = []
    for path in (f"/screening/{screener.id}", "/screening/try"):
        with count_queries() as counted:
            assert client.submit(path, htmx=True, **sent).status_code == 200
        asked.append(counted.count)
    assert asked[0] <= asked[1]


def test_trying_a_form_that_cannot_be_says_why(client, leoncin):
    sent = NEW | {"pattern_name": ["x"], "pattern": ["("], "text": "x", "do": "try"}
    answer = client.submit("/screening/new/pattern", htmx=True, **sent)
    assert answer.status_code == 200
    assert 'class="refusal"' in answer.text
    assert client.submit("/screening/new/pattern", **sent).status_code == 400


def test_a_row_for_a_pattern_is_added_and_nothing_is_lost(client, leoncin):
    sent = NEW | {"pattern_name": ["x", "y"], "pattern": ["a", "b"], "do": "more"}
    answer = client.submit("/screening/new/pattern", **sent)
    assert form_of(answer.text)["pattern"] == ["a", "b", ""]


def test_the_longest_text_is_tried(client, leoncin):
    answer = client.submit("/screening/try", htmx=True, text="idiota 🐷 " * 30_000)
    assert answer.status_code == 200
    assert "<mark>" in answer.text


# --- outsiders ------------------------------------------------------------------------------------

PATHS = ("/screening/", "/screening/1", "/screening/new/words", "/screening/replays/1")
POSTS = ("/screening/try", "/screening/1", "/screening/1/mode", "/screening/new/words")


def test_a_moderator_finds_nothing_here(browse, anna, administrator, leoncin, screener):
    Replay.create(by=administrator, spec={}, created=now() - timedelta(days=1))
    client = browse(anna)
    for path in PATHS:
        assert client.get(path).status_code == 404, path
    for path in POSTS:
        answer = client.submit(path, do="save", mode="off", text="idiota", **MADE["words"])
        assert answer.status_code == 404, path
    assert fresh(screener).version == 1


def test_only_a_form_may_change_or_try(client, screener):
    for path in ("/screening/try", f"/screening/{screener.id}/mode"):
        assert client.get(path).status_code == 405


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("path", ["999", "0", "9" * 30, "new/none", "replays/999", "replays/x"])
def test_what_does_not_exist_is_not_found(client, leoncin, path):
    assert client.get(f"/screening/{path}").status_code == 404


@pytest.mark.parametrize(
    "stored", ['{"alone": {"a": 5}}', '{"alone": ', "[]", "null", '{"cues": ["nonsense"]}']
)
def test_a_damaged_screener_is_named_left_out_and_can_be_repaired(
    client, leoncin, screener, stored
):
    verbs.save(Spec(None, "Inne", "words", "on", 1, "hate", {"alone": {"dureń": ["dureń"]}}))
    db.execute_sql(
        f"UPDATE screener SET settings = {db.param}, version = 9 WHERE id = {screener.id}",
        (stored,),
    )
    assert take(leoncin, id="other", text="Sąsiad to dureń.").is_held
    assert not take(leoncin, id="lost", text="Sąsiad to idiota.").is_held
    page = client.get("/screening/")
    assert page.status_code == 200
    assert page.text.count("Jego ustawienia są uszkodzone") == 1
    repaired = form(client, screener, alone="idiota")
    assert client.submit(f"/screening/{screener.id}", **repaired).status_code == 303
    assert take(leoncin, id="found", text="Sąsiad to idiota.").is_held
    assert "uszkodzone" not in client.get("/screening/").text
