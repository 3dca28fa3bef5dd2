"""All decisions, for administrators."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from console.clock import exact, starts_at, today
from console.entries import decisions
from console.insight import decisions as all_decisions
from console.storage import now
from models import Decision, User
from tests.cast import fresh, rule, submission, take

PATH = "/insight/decisions"


@pytest.fixture
def scene(leoncin, elsewhere, anna, administrator, stranger):
    """Decisions of two groups, three people and two automata; each entry's text names it."""

    def entry(group, name, **data):
        data = {"author": {"id": name, "name": "Autor"}} | data
        return take(group, id=name, text=f"wpis-{name}", **data)

    hers, boss, theirs = (
        entry(leoncin, "hers"),
        entry(leoncin, "boss"),
        entry(elsewhere, "theirs"),
    )
    decisions.remove(hers, anna, submission(hers), [rule(leoncin, "spam")])
    decisions.hold(boss, administrator, submission(boss))
    decisions.release(fresh(boss), administrator, submission(boss))
    decisions.tag(theirs, stranger, submission(theirs), [rule(elsewhere, "spam")])
    entry(leoncin, "platforms", held={"by": "platform"})
    take(leoncin, id="screened", text="wpis-screened idiota", author={"id": "x", "name": "X"})


@pytest.fixture
def shown(browse, administrator):
    client = browse(administrator)

    def shown(**criteria) -> list[str]:
        """The names of the entries of the decisions that the filters leave, newest first."""
        answer = client.get(PATH, query_string=criteria)
        assert answer.status_code == 200
        return re.findall(r"<bdi>wpis-(\w+)", answer.text)

    return shown


ALL = ["screened", "platforms", "theirs", "boss", "boss", "hers"]


def test_all_decisions_are_listed_newest_first(scene, shown):
    assert shown() == ALL


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize(
    ("criteria", "left"),
    [
        ({"group": "czosnow"}, ["theirs"]),
        ({"person": "screening"}, ["screened"]),
        ({"person": "platform"}, ["platforms"]),
        ({"verb": "hold"}, ["screened", "platforms", "boss"]),
        ({"verb": "release"}, ["boss"]),
        ({"rule": "spam"}, ["theirs", "hers"]),
        ({"rule": "hate"}, []),
        ({"rule": "spam", "group": "leoncin"}, ["hers"]),
        ({"rule": "spam", "verb": "release"}, []),
        ({"group": "nowhere"}, []),
        ({"person": "anna"}, []),
        ({"person": "0"}, []),
        ({"person": "9" * 30}, []),
        ({"person": " ٣"}, []),
    ],
    ids=str,
)
def test_each_filter_leaves_what_fits_it(scene, shown, criteria, left):
    assert shown(**criteria) == left


@pytest.mark.databases("sqlite", "postgres")
def test_a_person_leaves_what_they_decided(scene, shown, anna, administrator):
    assert shown(person=anna.id) == ["hers"]
    assert shown(person=administrator.id) == ["boss", "boss"]


@pytest.mark.databases("sqlite", "postgres")
def test_a_day_is_a_day_in_warsaw_from_midnight_to_midnight(scene, shown):
    start, day = starts_at(today()), today()
    newest = Decision.select().order_by(Decision.id.desc())
    moments = [start, start - timedelta(microseconds=1), start + timedelta(days=1)]
    for decision, at in zip(newest, moments, strict=False):
        decision.at = at
        decision.save()
    # The first three of ALL now lie at midnight, just before it, and at the next midnight.
    assert "screened" in shown(day=day.isoformat())
    assert "platforms" not in shown(day=day.isoformat())
    assert "theirs" not in shown(day=day.isoformat())
    assert shown(day=(day - timedelta(days=1)).isoformat()) == ["platforms"]
    assert shown(day=(day + timedelta(days=1)).isoformat()) == ["theirs"]


def test_the_form_shows_what_was_chosen(scene, browse, administrator, stranger):
    query = {"group": "czosnow", "verb": "tag", "rule": "spam", "person": str(stranger.id)}
    page = browse(administrator).get(PATH, query_string=query).text
    for value in query.values():
        assert f'<option value="{value}" selected>' in page


@pytest.mark.databases("sqlite", "postgres")
def test_a_page_has_a_hundred_and_leads_to_the_next_with_its_filters(
    leoncin, anna, browse, administrator
):
    entry = take(leoncin, text="wpis-a")
    for number in range(all_decisions.PAGE + 20):
        verb = decisions.hold if number % 2 == 0 else decisions.release
        verb(fresh(entry), anna, submission(entry))
    client = browse(administrator)
    first = client.get(f"{PATH}?person={anna.id}").text
    assert first.count("<bdi>wpis-a") == all_decisions.PAGE
    (way,) = re.findall(r'rel="next" href="([^"]*)"', first)
    assert f"person={anna.id}" in way
    second = client.get(way.replace("&amp;", "&")).text
    assert second.count("<bdi>wpis-a") == 20
    assert 'rel="next"' not in second


def test_a_person_called_like_an_automaton_or_another_person_is_told_apart(
    scene, shown, anna, stranger
):
    # Such names are refused now, but an older console may have them.
    User.update(name="screening").where(User.id == anna.id).execute()
    User.update(name="ADMINISTRATOR").where(User.id == stranger.id).execute()
    assert shown(person="screening") == ["screened"]
    assert shown(person=anna.id) == ["hers"]
    assert shown(person=stranger.id) == ["theirs"]


@pytest.mark.parametrize(
    "day", ["2026-02-30", "yesterday", "0000-01-01", "99999-01-01", "25.11.2026"]
)
def test_a_day_that_there_is_not_lists_nothing_and_says_so(scene, browse, administrator, day):
    page = browse(administrator).get(PATH, query_string={"day": day}).text
    assert f"Nie ma takiego dnia: {day}." in page
    assert "wpis-" not in page


def test_a_filter_that_fits_nothing_is_shown_as_being_in_force(scene, browse, administrator):
    page = browse(administrator).get(PATH, query_string={"group": "nowhere"}).text
    assert '<option value="nowhere" selected>nieznany</option>' in page
    assert "Żadna decyzja nie pasuje" in page


def test_a_rule_with_two_names_is_one_choice(scene, browse, administrator, elsewhere):
    of = rule(elsewhere, "spam")
    of.name = "Reklama"
    of.save()
    assert browse(administrator).get(PATH).text.count('<option value="spam">') == 1


def test_an_undo_is_listed_and_takes_the_rule_of_what_it_undid_no_further(
    leoncin, held, anna, browse, administrator
):
    decisions.remove(held, anna, submission(held), [rule(leoncin, "spam")])
    decisions.undo(fresh(held), anna, submission(held))
    page = browse(administrator).get(f"{PATH}?person={anna.id}").text
    assert page.count("<em>Spam i reklama</em>") == 1
    assert "Cofnięto – anna" in page


@pytest.mark.parametrize("who", ["anna", "stranger"])
def test_a_moderator_does_not_find_the_page(browse, request, who):
    assert browse(request.getfixturevalue(who)).get(PATH).status_code == 404


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize(
    "query",
    [
        "day=yesterday",
        "day=0001-01-01",
        "day=9999-12-31",
        "day=2026-02-30",
        "before=x",
        "before=-1",
        "before=" + "9" * 30,
        "before=" + "9" * 5000,
        "group=%00",
        "person=%00",
        "rule=%00",
        "verb=%00",
        "verb=drop",
        "group=%F0%9F%A6%94",
    ],
    ids=lambda query: query[:20],
)
def test_nonsense_in_a_filter_breaks_nothing(browse, administrator, held, query):
    assert browse(administrator).get(f"{PATH}?{query}").status_code in (200, 400)


def test_without_decisions_the_page_says_so(browse, administrator, leoncin):
    page = browse(administrator).get(PATH).text
    assert "Nie ma jeszcze żadnych decyzji." in page


def test_the_newest_decisions_moment_is_shown_in_warsaws_time(scene, browse, administrator):
    at = Decision.select().order_by(Decision.id.desc()).get().at
    assert now() - at < timedelta(minutes=5)
    assert exact(at) in browse(administrator).get(PATH).text


def test_a_reason_in_words_is_told(browse, administrator, published, anna):
    form = replace(submission(published), note="Numer telefonu dziecka")
    decisions.hold(published, anna, form)
    assert "<q>Numer telefonu dziecka</q>" in browse(administrator).get("/insight/decisions").text
