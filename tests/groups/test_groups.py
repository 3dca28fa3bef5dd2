from console.groups.builtin import BUILTIN_RULES
from models import Rule


def test_a_new_group_begins_with_the_delivered_rules_in_their_order(leoncin):
    rules = Rule.select().where(Rule.group == leoncin).order_by(Rule.position)
    assert {rule.code: rule.name for rule in rules} == BUILTIN_RULES
    assert [rule.code for rule in rules] == list(BUILTIN_RULES)


def test_each_group_has_rules_of_its_own(leoncin, elsewhere):
    hers = Rule.get(Rule.group == elsewhere, Rule.code == "hate")
    hers.retired = True
    hers.save()
    assert not Rule.get(Rule.group == leoncin, Rule.code == "hate").retired
