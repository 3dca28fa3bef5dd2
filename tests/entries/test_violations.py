"""A violation keeps the rule of its day: its name, and the version of its text."""

import pytest

from console.entries import decisions
from console.groups import rules, templates
from console.groups.builtin import BUILTIN_RULES
from console.platforms.webhook import message
from models import Violation
from tests.cast import fresh, rule, submission, take

HATE = BUILTIN_RULES["hate"]


@pytest.fixture
def text(leoncin, administrator):
    return templates.write(
        "rule", "Nie obrażamy.", administrator, group=leoncin, rule=rule(leoncin)
    )


def rename(leoncin, administrator) -> None:
    """The rule and its text change after a decision."""
    rules.rename(rule(leoncin), "Obrażanie", administrator)
    new = "Nie obrażamy nikogo."
    templates.write("rule", new, administrator, group=leoncin, rule=rule(leoncin))


def standing(entry) -> list[tuple]:
    rows = Violation.select().where(Violation.entry == entry, Violation.untagged.is_null())
    return [(row.rule_name, row.rule_text) for row in rows]


def test_it_notes_the_rules_name_and_the_version_of_its_text(leoncin, published, anna, text):
    named = [rule(leoncin), rule(leoncin, "spam")]
    decisions.remove(published, anna, submission(published), named)
    assert standing(published) == [(HATE, text), (BUILTIN_RULES["spam"], None)]


def test_a_rule_that_changes_changes_no_earlier_violation(
    leoncin, published, anna, administrator, text
):
    decisions.tag(published, anna, submission(published), [rule(leoncin)])
    rename(leoncin, administrator)
    assert standing(published) == [(HATE, text)]
    decisions.tag(fresh(published), anna, submission(published), [rule(leoncin)])
    assert standing(published) == [("Obrażanie", templates.text_of_rule(rule(leoncin)))]


def test_an_undo_brings_back_the_rule_as_it_was(leoncin, published, anna, administrator, text):
    decisions.tag(published, anna, submission(published), [rule(leoncin)])
    decisions.untag(fresh(published), anna, submission(published), [rule(leoncin)])
    rename(leoncin, administrator)
    decisions.undo(fresh(published), anna, submission(published))
    assert standing(published) == [(HATE, text)]


def test_what_is_sent_late_names_the_rule_as_it_was(leoncin, published, anna, administrator):
    decision = decisions.remove(published, anna, submission(published), [rule(leoncin)])
    rename(leoncin, administrator)
    assert message(decision)["data"]["rules"] == [{"code": "hate", "name": HATE}]


def test_what_is_tagged_anew_names_the_rule_once_as_it_is_now(
    leoncin, published, anna, administrator
):
    decisions.tag(published, anna, submission(published), [rule(leoncin)])
    rename(leoncin, administrator)
    decision = decisions.remove(fresh(published), anna, submission(published), [rule(leoncin)])
    assert message(decision)["data"]["rules"] == [{"code": "hate", "name": "Obrażanie"}]


@pytest.mark.databases("sqlite", "postgres")
def test_every_page_shows_the_rule_as_it_was(
    browse, leoncin, held, published, anna, administrator, text
):
    decisions.remove(held, anna, submission(held), [rule(leoncin)])
    decisions.tag(published, anna, submission(published), [rule(leoncin)])
    later = take(leoncin, id="later", text="Sąsiad to idiota.")
    rename(leoncin, administrator)
    client, boss = browse(anna), browse(administrator)
    for shown in (
        client.get(f"/entries/{held.id}").text.split('<ol class="trail">')[1],
        client.get(f"/queue/authors/{held.profile_id}").text,
        boss.get("/insight/decisions?verb=remove").text.split('<ol class="trail wide">')[1],
    ):
        assert HATE in shown
        assert "Obrażanie" not in shown
    tags = client.get(f"/entries/{published.id}").text.split('<p class="tags">')[1].split("</p>")[0]
    assert HATE in tags
    card = client.get(f"/entries/{later.id}").text
    assert f"({HATE})" in " ".join(card.split('<li class="past">')[1].split())
    assert ">★ Obrażanie</button>" in card  # what can be chosen now has its present name


def test_a_card_suggests_no_rule_that_it_is_tagged_with_under_an_earlier_name(
    browse, leoncin, held, anna, administrator
):
    decisions.tag(held, anna, submission(held), [rule(leoncin)])
    rename(leoncin, administrator)
    assert "★" not in browse(anna).get("/queue/held").text


def test_the_entrys_page_shows_the_rules_text_of_that_day(
    browse, leoncin, held, anna, administrator, text
):
    decisions.remove(held, anna, submission(held), [rule(leoncin)])
    rename(leoncin, administrator)
    page = browse(anna).get(f"/entries/{held.id}").text
    section = page.split('aria-labelledby="rule-texts"')[1].split("</section>")[0]
    assert "Nie obrażamy." in section
    assert "Nie obrażamy nikogo." not in section
    assert f"{HATE} – treść punktu z dnia" in section


def test_an_entrys_page_without_such_a_text_says_nothing_of_it(browse, leoncin, held, anna):
    decisions.remove(held, anna, submission(held), [rule(leoncin)])
    assert "rule-texts" not in browse(anna).get(f"/entries/{held.id}").text
