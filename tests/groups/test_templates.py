"""Texts that staff edit: the newest version counts, and the earlier ones stay."""

from console.groups import templates
from models import Template
from tests.cast import fresh, rule


def test_a_changed_text_is_a_new_version_and_the_first_stays_as_it_was(leoncin, anna):
    first = templates.write("guidance", "Piszcie krótko.", anna)
    second = templates.write("guidance", "Piszcie krótko i bez skracania linków.", anna)
    assert (first.version, second.version) == (1, 2)
    assert fresh(first).text == "Piszcie krótko."
    assert templates.current("guidance") == second


def test_the_same_text_again_is_no_new_version(leoncin, anna):
    first = templates.write("guidance", "Piszcie krótko.", anna)
    assert templates.write("guidance", "Piszcie krótko.", anna) == first
    assert Template.select().count() == 1


def test_a_groups_own_text_comes_before_that_of_all(leoncin, elsewhere, anna):
    everywhere = templates.write("letter", "Szanowni Państwo,", anna)
    own = templates.write("letter", "Drodzy Sąsiedzi,", anna, group=leoncin)
    assert templates.current("letter", group=leoncin) == own
    assert templates.current("letter", group=elsewhere) == everywhere
    assert templates.current("letter") == everywhere


def test_the_texts_of_rules_and_of_other_names_stand_apart(leoncin, anna):
    hate, spam = rule(leoncin, "hate"), rule(leoncin, "spam")
    of_hate = templates.write("rule", "Nie obrażamy.", anna, group=leoncin, rule=hate)
    reply = templates.write("reply", "Dziękujemy.", anna, name="thanks")
    assert templates.current("rule", group=leoncin, rule=hate) == of_hate
    assert templates.current("rule", group=leoncin, rule=spam) is None
    assert templates.current("reply", name="thanks") == reply
    assert templates.current("reply") is None
