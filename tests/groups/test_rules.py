"""The rules of a group: add, rename, reorder, retire, bring back."""

import re

import pytest

from console.entries import decisions
from console.groups import rules
from console.groups.builtin import BUILTIN_RULES
from models import Rule, Violation
from tests.cast import beside, fresh, rule, submission, take

PATH = "/groups/leoncin/rules"


def codes(group, retired: bool = False) -> list[str]:
    mine = Rule.select().where(Rule.group == group, Rule.retired == retired)
    return [each.code for each in mine.order_by(Rule.position)]


@pytest.fixture
def client(browse, administrator):
    return browse(administrator)


def change(client, of: Rule, change: str, **more):
    return client.submit(f"{PATH}/{of.id}", change=change, **more)


def test_the_page_lists_the_rules_with_their_keys(client, leoncin):
    page = client.get(PATH).text
    assert page.count("<kbd") - page.split('<ol class="rulebook">')[0].count("<kbd") >= 9
    for name in BUILTIN_RULES.values():
        assert f'value="{name}"' in page


def test_a_rule_is_added_as_the_last_with_a_code_from_its_name(client, leoncin):
    assert client.submit(PATH, name="  Ogłoszenia   drobne ").status_code == 303
    added = Rule.get(Rule.code == "ogloszenia-drobne")
    assert (added.name, added.group, added.retired) == ("Ogłoszenia drobne", leoncin, False)
    assert codes(leoncin) == [*BUILTIN_RULES, "ogloszenia-drobne"]


def test_a_new_rule_can_be_used_at_once(client, leoncin, anna, browse):
    client.submit(PATH, name="Ogłoszenia drobne")
    entry = take(leoncin)
    decisions.remove(entry, anna, submission(entry), [rule(leoncin, "ogloszenia-drobne")])
    assert fresh(entry).is_removed


def test_the_same_name_has_the_same_code_in_every_group(leoncin, elsewhere, administrator):
    here, there = (rules.add(group, "Psy i koty", administrator) for group in (leoncin, elsewhere))
    assert here.code == there.code


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 81, "😀", "a\tb\u200b", "Spam i reklama", "SPAM i reklama", "hate"]
)
def test_a_name_that_cannot_be_is_refused_and_kept(client, leoncin, name):
    answer = client.submit(PATH, name=name)
    assert answer.status_code == 400
    assert beside(answer, "name")
    assert codes(leoncin) == list(BUILTIN_RULES)
    if name.strip():
        assert f'value="{name}"' in answer.text


@pytest.mark.databases("sqlite", "postgres")
def test_adding_the_same_twice_adds_one(client, leoncin):
    assert client.submit(PATH, name="Psy").status_code == 303
    assert client.submit(PATH, name="Psy").status_code == 400
    assert codes(leoncin).count("psy") == 1


@pytest.mark.databases("sqlite", "postgres")
def test_a_rule_is_renamed_and_keeps_its_code(client, leoncin):
    hate = rule(leoncin)
    for _time in range(2):
        assert change(client, hate, "rename", name="Obrażanie").status_code == 303
        assert (fresh(hate).name, fresh(hate).code) == ("Obrażanie", "hate")


@pytest.mark.parametrize("name", ["", "x" * 81, "Groźby"])
def test_a_new_name_that_cannot_be_is_refused(client, leoncin, name):
    hate = rule(leoncin)
    answer = change(client, hate, "rename", name=name)
    assert answer.status_code == 400
    assert beside(answer, f"name-{hate.id}")
    assert re.search(f'<input [^>]*id="name-{hate.id}" [^>]*value="{name}"', answer.text)
    assert fresh(hate).name == BUILTIN_RULES["hate"]


@pytest.mark.databases("sqlite", "postgres")
def test_a_rule_moves_up_and_down_and_a_second_click_does_nothing(client, leoncin):
    spam = rule(leoncin, "spam")
    for _click in range(2):
        assert change(client, spam, "move:1").status_code == 303
        assert codes(leoncin)[:2] == ["spam", "hate"]
    change(client, spam, "move:3")
    assert codes(leoncin)[:4] == ["hate", "hate-speech", "spam", "threat"]


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("place", ["0", "-1", "", "x", "999", "9" * 5000])
def test_a_place_that_is_none_loses_no_rule(client, leoncin, place):
    assert change(client, rule(leoncin, "spam"), f"move:{place}").status_code == 303
    assert sorted(codes(leoncin)) == sorted(BUILTIN_RULES)


@pytest.mark.databases("sqlite", "postgres")
def test_a_retired_rule_cannot_be_chosen_and_stays_on_old_decisions(client, browse, leoncin, anna):
    hate, removed, next_one = rule(leoncin), take(leoncin, id="a"), take(leoncin, id="b")
    decisions.remove(removed, anna, submission(removed), [hate])
    for _click in range(2):
        assert change(client, hate, "retire").status_code == 303
    assert codes(leoncin) == [code for code in BUILTIN_RULES if code != "hate"]
    assert Violation.get(Violation.entry == removed).rule == hate
    assert BUILTIN_RULES["hate"] in browse(anna).get(f"/entries/{removed.id}").text
    assert "remove:hate-speech" in browse(anna).get(f"/entries/{next_one.id}").text
    assert "remove:hate<" not in browse(anna).get(f"/entries/{next_one.id}").text
    assert 'remove:hate"' not in browse(anna).get(f"/entries/{next_one.id}").text


@pytest.mark.databases("sqlite", "postgres")
def test_a_retired_rule_is_brought_back_as_the_last(client, leoncin):
    hate = rule(leoncin)
    change(client, hate, "retire")
    for _click in range(2):
        assert change(client, hate, "bring-back").status_code == 303
    assert codes(leoncin) == [*list(BUILTIN_RULES)[1:], "hate"]
    assert codes(leoncin, retired=True) == []


@pytest.mark.databases("sqlite", "postgres")
def test_a_retired_rules_name_is_not_given_again(client, leoncin):
    change(client, rule(leoncin), "retire")
    answer = client.submit(PATH, name=BUILTIN_RULES["hate"])
    assert answer.status_code == 400
    assert Rule.select().where(Rule.group == leoncin).count() == len(BUILTIN_RULES)


@pytest.mark.databases("sqlite", "postgres")
def test_the_last_rule_cannot_be_retired(client, leoncin):
    Rule.update(retired=True).where(Rule.code != "hate").execute()
    assert change(client, rule(leoncin), "retire").status_code == 400
    assert codes(leoncin) == ["hate"]


def test_moving_what_was_retired_meanwhile_changes_nothing(client, leoncin):
    hate = rule(leoncin)
    change(client, hate, "retire")
    before = codes(leoncin)
    assert change(client, hate, "move:2").status_code == 303
    assert codes(leoncin) == before


@pytest.mark.parametrize("what", ["", "erase", "rename!"])
def test_an_unknown_change_is_not_found(client, leoncin, what):
    assert change(client, rule(leoncin), what).status_code == 404


def test_a_rules_name_is_shown_as_text(client, leoncin):
    client.submit(PATH, name="<b>x</b>")
    page = client.get(PATH).text
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_another_groups_rule_is_not_found_here(client, leoncin, elsewhere):
    theirs = rule(elsewhere)
    assert change(client, theirs, "retire").status_code == 404
    assert not fresh(theirs).retired
    assert client.get("/groups/nowhere/rules").status_code == 404


def test_moderators_find_no_such_page_not_even_of_their_group(browse, leoncin, anna, stranger):
    hate = rule(leoncin)
    for who in (anna, stranger):
        client = browse(who)
        assert client.get(PATH).status_code == 404
        assert client.submit(PATH, name="Psy").status_code == 404
        assert change(client, hate, "retire").status_code == 404
    assert codes(leoncin) == list(BUILTIN_RULES)


def test_a_change_is_only_posted(client, leoncin):
    assert client.get(f"{PATH}/{rule(leoncin).id}").status_code == 405
