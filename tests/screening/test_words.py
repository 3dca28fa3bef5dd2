"""The words screener: forms, diacritics, disguises, cues and what excuses a match."""

import pytest

from console.screening.engine import Screening, Spec
from console.screening.reading import Invalid

KURWA = {"alone": {"kurwa": ["kurwa", "kurwy", "kurwo"], "idiota": ["idiota", "idioci"]}}


def screening(**settings):
    return Screening([Spec(1, "test", "words", "on", 1, "hate", settings)])


def forms(text, **settings):
    return [found.form for found in screening(**settings).run(text)]


def test_a_listed_form_is_found_in_any_case_and_says_its_base():
    (found,) = screening(**KURWA).run("No i KURWY przyszły")
    assert (found.form, found.base, found.start, found.end) == ("KURWY", "kurwa", 5, 10)


def test_a_word_is_not_found_within_another():
    assert forms("kurwatura idiotaki", **KURWA) == []


@pytest.mark.parametrize(
    ("text", "count"), [("śmiać", 1), ("smiac", 1), ("śmiąć", 0), ("śmieć", 0)]
)
def test_written_diacritics_must_be_the_right_ones_and_missing_ones_do_not_matter(text, count):
    assert len(forms(text, alone={"śmiać": ["śmiać"]})) == count


@pytest.mark.parametrize(
    "text",
    [
        "k*rwa", "k**wa", "k***a", "kur*a", "ku#wa", "kuuurwa", "KURWAAAA", "k.u.r.w.a", "k u r w a",
        "k-u-r-w-a", "kur.wa", "k_u_r_w_a", "kurw@", "ku\u200brwa", "кurwa", "kуrwa", "1d10ta", "id1ota",
        "k u r w a!", "i-d-i-o-t-a", "idiοta", "ｋｕｒｗａ",
    ],
)  # fmt: skip
def test_a_disguised_word_is_found(text):
    found = screening(**KURWA).run(f"no {text} ile można")
    assert [match.base for match in found] in (["kurwa"], ["idiota"])
    assert found[0].start == 3


@pytest.mark.parametrize(
    "text",
    [
        "12.11.2026", "30 km/h", "8.00-15.30", "np. m.in. itd.", "k.p.a. art. 5", "sp. z o.o.",
        "a b c d",
        "jan.k@urwa.pl", "https://k.pl/u-r-w-a1", "PL61109010140000071219812874", "działka 123/4", "***",
        "ул. Київська, курва", "5* hotel", "grupy A, B i C", "m2 i m3", "k*", "Zoo", "kuralna",
        "H2O i CO2",
    ],
)  # fmt: skip
def test_dates_units_abbreviations_addresses_and_other_alphabets_are_no_disguise(text):
    assert forms(text, **KURWA) == []


def test_a_phrase_stands_in_one_sentence():
    phrase = {"alone": {"do gazu": ["do gazu"]}}
    assert forms("Wszyscy do  gazu!", **phrase) == ["do  gazu"]
    assert forms("Idę do. Gazu nie ma.", **phrase) == []


def test_a_form_in_capitals_is_found_only_in_capitals():
    assert forms("Głosuję na PO", alone={"PO": ["PO"]}) == ["PO"]
    assert forms("Po mszy i po obiedzie", alone={"PO": ["PO"]}) == []


ANIMAL = {"with_cue": {"krowa": ["krowa"], "baran": ["baran"]}, "cues": ["address"]}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ty krowa jesteś", 1),
        ("Krowa uciekła z pastwiska", 0),
        ("Uciekła krowa. Ty ją widziałeś?", 0),
        ("ty sama widzisz że tam daleko za płotem stoi krowa", 0),
    ],
)
def test_an_ambiguous_word_needs_a_cue_near_it_in_the_sentence(text, count):
    assert len(forms(text, **ANIMAL)) == count


def test_a_match_tells_its_cue():
    (found,) = screening(**ANIMAL).run("Oj TY krowa")
    assert found.cue == "TY"


def test_a_second_word_and_a_name_can_be_cues():
    assert len(forms("krowa i baran", **ANIMAL | {"cues": ["second"]})) == 2
    assert forms("krowa i krowa", **ANIMAL | {"cues": ["second"]}) == []
    assert forms("Jan Kowalski to baran", **ANIMAL | {"cues": ["name"]}) == ["baran"]
    assert forms("baran przy ulicy Jana Kowalskiego", **ANIMAL | {"cues": ["name"]}) == []


def test_own_cue_words_and_excuses():
    settings = ANIMAL | {"cue_words": ["głupi"], "unless_near": ["pastwisko"], "unless": ["zoo"]}
    assert forms("glupi baran", **settings) == ["baran"]
    assert forms("głupi baran, pastwisko puste", **settings) == []
    assert forms("głupi baran w mieście. A w ogóle: zoo.", **settings) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, "no words"),
        ({"alone": {"a": ["!"]}}, "no letters"),
        ({"alone": ["a"]}, "must map"),
        ({"alone": {"a": ["a"]}, "colour": 1}, "colour"),
        ({"alone": {"a": ["a"]}, "cues": ["mood"]}, "mood"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_the_reason(settings, reason):
    with pytest.raises(Invalid, match=reason):
        screening(**settings)
