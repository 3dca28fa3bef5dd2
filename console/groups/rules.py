"""Changes the rules of a group: add, rename, reorder, retire, bring back. Each is told who acts."""

from peewee import IntegrityError

from console.audit import record
from console.errors import Refused
from console.language import _
from console.storage import db, locked
from console.text.folding import fold, tokens
from models import Group, Rule, User

LONGEST, LONGEST_SHORT = 80, 14


def add(group: Group, name: str, by: User) -> Rule:
    """Adds a rule at the end. Raises Refused when the name cannot be used.

    Its code is made from its name and never changes: rules of the same name have the same code in
    every group, so one screener can suggest a rule in all of them.
    """
    with db.atomic():
        others = _all(group)
        name = _checked(name, others)
        code = _code(name)
        try:
            rule = Rule.create(
                group=group,
                code=code,
                name=name,
                short=short_name(name),
                position=_next_position(others),
            )
            record(by, "rule.added", _in_group(rule))
            return rule
        except IntegrityError:
            raise Refused(_("There is a rule with nearly this name already."), "name") from None


def rename(rule: Rule, name: str, by: User) -> None:
    """Changes the name from now on; earlier decisions keep theirs, and the code stays."""
    with db.atomic():
        others = [other for other in _all(rule.group) if other.id != rule.id]
        name = _checked(name, others)
        Rule.update(name=name, short=short_name(name)).where(Rule.id == rule.id).execute()
        record(by, "rule.renamed", _in_group(rule), name)


def move(rule: Rule, place: int, by: User) -> None:
    """Moves the rule to a position among those that are not retired, counted from 1."""
    with db.atomic():
        order = [other for other in _all(rule.group) if not other.retired]
        if rule not in order:
            return
        before = order.index(rule)
        order.remove(rule)
        order.insert(max(0, place - 1), rule)
        for position, moved in enumerate(order, 1):
            Rule.update(position=position).where(Rule.id == moved.id).execute()
        if (after := order.index(rule)) != before:
            record(by, "rule.moved", _in_group(rule), str(after + 1))


def retire(rule: Rule, by: User) -> None:
    """Withdraws the rule from new decisions; it stays on old ones."""
    with db.atomic():
        in_force = [other for other in _all(rule.group) if not other.retired]
        if in_force == [rule]:
            raise Refused(_("The last rule cannot be retired: whoever removes an entry names one."))
        if Rule.update(retired=True).where(Rule.id == rule.id, ~Rule.retired).execute():
            record(by, "rule.retired", _in_group(rule))


def bring_back(rule: Rule, by: User) -> None:
    """Makes a retired rule usable again, at the end."""
    with db.atomic():
        last = _next_position(_all(rule.group))
        back = Rule.update(retired=False, position=last)
        if back.where(Rule.id == rule.id, Rule.retired).execute():
            record(by, "rule.brought-back", _in_group(rule))


def short_name(name: str) -> str:
    """The name, cut to LONGEST_SHORT characters, if possible at the end of a word."""
    if len(name) <= LONGEST_SHORT:
        return name
    cut = name[: LONGEST_SHORT + 1].rpartition(" ")[0].rstrip(" –-/,")
    return cut or name[:LONGEST_SHORT]


def _all(group: Group) -> list[Rule]:
    """The group's rules in order, locked until the transaction ends."""
    mine = Rule.select().where(Rule.group == group).order_by(Rule.position, Rule.id)
    return list(locked(mine))


def _in_group(rule: Rule) -> str:
    return f"{rule.name} ({rule.group.name})"


def _next_position(others: list[Rule]) -> int:
    return max((rule.position for rule in others), default=0) + 1


def _checked(name: str, others: list[Rule]) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST or not name.isprintable() or not _code(name):
        message = _("A rule's name has 1 to 80 characters, letters or digits among them.")
        raise Refused(message, "name")
    same = next((rule for rule in others if rule.name.casefold() == name.casefold()), None)
    if same and same.retired:
        raise Refused(_("There is a retired rule with this name. Bring it back instead."), "name")
    if same:
        raise Refused(_("There is a rule with this name already."), "name")
    return name


def _code(name: str) -> str:
    words = "-".join(word for word, _start, _end in tokens(fold(name)))
    return words.encode("ascii", "ignore").decode()[:40].strip("-")
