"""The other kinds: patterns, links, repeats, newcomers, personal data, shouting."""

import pytest

from console.screening.engine import Context, Recent, Screening, Spec
from console.screening.hits import holds
from console.screening.reading import Invalid


def run(kind, text, settings, context=None, mode="on"):
    screening = Screening([Spec(7, "test", kind, mode, 3, "spam", settings)])
    return screening.run(text, context or Context())


def bases(*args):
    return [found.base for found in run(*args)]


def test_a_match_says_which_screener_found_it():
    (found,) = run("pattern", "Tani KREDYT", {"patterns": {"loan": "kredyt"}})
    assert (found.screener_id, found.version, found.kind, found.rule) == (7, 3, "pattern", "spam")
    assert (found.form, found.start, found.end) == ("KREDYT", 5, 11)


def test_a_screener_on_trial_finds_but_does_not_hold_and_one_that_is_off_finds_nothing():
    settings = {"patterns": {"loan": "kredyt"}}
    assert holds(run("pattern", "kredyt", settings))
    shadow = run("pattern", "kredyt", settings, None, "shadow")
    assert shadow
    assert not holds(shadow)
    assert run("pattern", "kredyt", settings, None, "off") == []


def test_a_pattern_may_be_written_with_diacritics_and_ignores_them_in_the_text():
    assert bases("pattern", "POŻYCZKA, pozyczka", {"patterns": {"p": "pożyczka"}}) == ["p", "p"]


def test_words_that_excuse_the_entry_silence_its_patterns():
    settings = {"patterns": {"p": "kredyt"}, "unless": ["ostrzega"]}
    assert bases("pattern", "Policja ostrzega: kredyt bez BIK", settings) == []


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(a", r"“\(a” cannot be used: missing \)"),
        (r"(?<=a)b", "cannot be used"),
        (r"(a)\1", "cannot be used"),
        ("a*", "matches every entry"),
        ("", "empty"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_with_the_reason(pattern, reason):
    with pytest.raises(Invalid, match=reason):
        run("pattern", "", {"patterns": {"p": pattern}})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("klik bit.ly/abc", ["bit.ly"]),
        ("http://www.bit.ly/abc i https://BIT.LY", ["bit.ly", "bit.ly"]),
        ("x.bit.ly/1", ["bit.ly"]),
        ("https://promo.xyz", ["promo.xyz"]),
        ("hxxp://bit[.]ly/a", ["bit.ly"]),
        ("http://jan@bit.ly/a", ["bit.ly"]),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fbit.ly%2Fabc", ["bit.ly"]),
        ("https://rabbit.ly/a, jan@bit.ly, https://gov.pl/bit.ly", []),
        ("o 8.30.ul.Polna, np.xyzt", []),
    ],
)
def test_links_to_listed_domains_are_found(text, found):
    hosts = bases("link", text, {"domains": ["bit.ly", ".xyz"]})
    assert [host.removeprefix("x.") for host in hosts] == found


def test_links_that_came_apart_from_the_text_count_too():
    (found,) = run("link", "Hej", {"domains": ["bit.ly"]}, Context(links=("https://bit.ly/a",)))
    assert (found.start, found.end, found.base) == (0, 0, "bit.ly")


def test_too_many_links_are_found_as_a_whole():
    text = "a.pl b.pl c.pl"
    assert bases("link", text, {"most": 2}) == ["3"]
    assert bases("link", text, {"most": 3}) == []


TEXT = "Sprzedam tanio drewno kominkowe z dowozem na miejsce"


def test_nearly_the_same_text_again_is_found_within_the_hours():
    def earlier(hours, text=TEXT.upper() + "!!!"):  # noqa: B008
        return Context(recent=(Recent(text, hours, False),))

    assert bases("repeat", TEXT, {"hours": 24}, earlier(1)) == ["1"]
    assert bases("repeat", TEXT, {"hours": 24}, earlier(25)) == []
    assert bases("repeat", TEXT, {"hours": 24}, earlier(1, text="Coś innego o drewnie")) == []
    assert bases("repeat", TEXT, {"same_author": True}, earlier(1)) == []
    assert bases("repeat", TEXT, {"times": 2}, earlier(1)) == []
    assert bases("repeat", "Dziękuję bardzo", {}, earlier(1, text="Dziękuję bardzo")) == []


def test_a_newcomer_with_a_link_is_found_unless_the_link_is_trusted():
    def posts(count):
        return Context(earlier_posts=count)

    settings = {"entries": 3, "with": ["link"], "trusted": ["gov.pl"]}
    assert bases("newcomer", "https://promo.pl/a", settings, posts(0)) == ["0"]
    assert bases("newcomer", "https://promo.pl/a", settings, posts(3)) == []
    assert bases("newcomer", "https://www.gov.pl/a", settings, posts(0)) == []
    assert bases("newcomer", "Dzień dobry, jan@wp.pl", settings, posts(0)) == []
    assert bases("newcomer", "https://promo.pl/a", settings) == []
    assert bases("newcomer", "tel. 600 100 200", {"with": ["phone"]}, posts(0)) == ["0"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PESEL 44051401359", ["PESEL"]),
        ("PESEL 44051401358", []),
        ("faktura 44051401359/2026", []),
        ("Dłużnik: 600 100 200", ["phone"]),
        ("Numer tej pani: 600-100-200", ["phone"]),
        ("Kontakt 600 100 200, oddam kota", []),
        ("Ostrzegamy, oszust dzwoni z 600 100 200", []),
        ("Anna Nowak nie płaci, mieszka na ulicy Leśnej 12", ["address", "address"]),
        ("Piknik, ul. Strażacka 12", []),
        ("Konto: 61 1090 1014 0000 0712 1981 2874, dłużnik", []),
    ],
)
def test_personal_data_are_found_when_they_are_given_as_somebody_elses(text, found):
    assert bases("personal-data", text, {}) == found


def test_shouting_is_mostly_capitals_in_a_text_long_enough():
    loud = "DLACZEGO NIKT NIE ODBIERA TELEFONU W URZĘDZIE GMINY"
    assert bases("shouting", loud, {}) == ["100 %"]
    assert bases("shouting", loud.lower(), {}) == []
    assert bases("shouting", "OSP ZAPRASZA", {}) == []


@pytest.mark.parametrize(
    ("kind", "settings", "reason"),
    [
        ("mood", {}, "unknown kind"),
        ("pattern", {}, "no patterns"),
        ("link", {}, "neither domains nor a number"),
        ("link", {"domains": ["nie domena"]}, "not a domain"),
        ("repeat", {"hours": "dużo"}, "must be a number"),
        ("newcomer", {"with": ["cat"]}, "may name link and phone"),
        ("personal-data", {"find": ["shoe size"]}, "cannot find"),
        ("shouting", {"letters": True}, "must be a number"),
    ],
)
def test_settings_that_cannot_work_are_refused(kind, settings, reason):
    with pytest.raises(Invalid, match=reason):
        run(kind, "", settings)
