"""The rules of a group: add, rename, reorder, retire, bring back."""

from peewee import IntegrityError

from console.errors import Refused
from console.language import _
from console.storage import db, locked
from console.text.folding import fold, tokens
from models import Group, Rule

LONGEST, LONGEST_SHORT = 80, 14


def add(group: Group, name: str) -> Rule:
    """A new rule, the last in order. Its code comes from its name, and never changes.

    So rules of the same name have the same code in every group, and a screener that suggests one
    serves them all.
    """
    with db.atomic():
        others = _all(group)
        name = _checked(name, others)
        code = _code(name)
        try:
            return Rule.create(
                group=group,
                code=code,
                name=name,
                short=short_name(name),
                position=_after(others),
            )
        except IntegrityError:
            raise Refused(_("There is a rule with nearly this name already.")) from None


def rename(rule: Rule, name: str) -> None:
    """Decisions made before show the new name too; the code stays."""
    with db.atomic():
        others = [each for each in _all(rule.group) if each.id != rule.id]
        name = _checked(name, others)
        Rule.update(name=name, short=short_name(name)).where(Rule.id == rule.id).execute()


def move(rule: Rule, place: int) -> None:
    """Puts the rule at a place among those in force, counted from 1."""
    with db.atomic():
        order = [each for each in _all(rule.group) if not each.retired]
        if rule not in order:
            return
        order.remove(rule)
        order.insert(max(0, place - 1), rule)
        for position, each in enumerate(order, 1):
            Rule.update(position=position).where(Rule.id == each.id).execute()


def retire(rule: Rule) -> None:
    """The rule cannot be chosen any more. It stays on old decisions."""
    with db.atomic():
        in_force = [each for each in _all(rule.group) if not each.retired]
        if in_force == [rule]:
            raise Refused(_("The last rule cannot be retired: a removal always names one."))
        Rule.update(retired=True).where(Rule.id == rule.id).execute()


def bring_back(rule: Rule) -> None:
    """The rule can be chosen again; it is the last in order."""
    with db.atomic():
        last = _after(_all(rule.group))
        Rule.update(retired=False, position=last).where(Rule.id == rule.id, Rule.retired).execute()


def short_name(name: str) -> str:
    """The name, cut at a word's end where there is one."""
    if len(name) <= LONGEST_SHORT:
        return name
    cut = name[: LONGEST_SHORT + 1].rpartition(" ")[0].rstrip(" –-/,")
    return cut or name[:LONGEST_SHORT]


def _all(group: Group) -> list[Rule]:
    """In order; nobody else changes them until the transaction ends."""
    mine = Rule.select().where(Rule.group == group).order_by(Rule.position, Rule.id)
    return list(locked(mine))


def _after(others: list[Rule]) -> int:
    return max((each.position for each in others), default=0) + 1


def _checked(name: str, others: list[Rule]) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST or not name.isprintable() or not _code(name):
        raise Refused(_("A rule's name has 1 to 80 characters, letters or digits among them."))
    same = next((each for each in others if each.name.casefold() == name.casefold()), None)
    if same and same.retired:
        raise Refused(_("There is a retired rule with this name. Bring it back instead."))
    if same:
        raise Refused(_("There is a rule with this name already."))
    return name


def _code(name: str) -> str:
    words = "-".join(word for word, _start, _end in tokens(fold(name)))
    return words.encode("ascii", "ignore").decode()[:40].strip("-")
