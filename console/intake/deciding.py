"""Decides on an entry in the step in which staff capture it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from console.entries import decisions
from console.entries.transaction import Submission
from console.errors import Refused
from console.language import N_, _
from models import Entry, Group, Rule, User

NOT_HERE = N_(
    "It was added, and not removed: a unit on the whitelist published it. It is removed only here, "
    "with a reason in words."
)
NOT_SO = N_("It was added, and not decided: there was nothing to decide in this way.")


@dataclass
class Choice:
    """What is to be decided on an entry that is new; on one that is known, nothing is."""

    verb: str  # "release", "keep" or "remove"
    rules: list[Rule]
    by: User
    key: str  # of the form, so that the same form sent twice decides once
    refusal: str = ""  # why nothing was decided

    def decide(self, entry: Entry) -> None:
        entry = Entry.get_by_id(entry.id)
        if self.verb == "remove" and entry.whitelisted:
            self.refusal = _(NOT_HERE)
        elif decide := self._verb(entry):
            decide(entry, self.by, Submission(entry.version, f"{self.key}-{entry.id}"))
        else:
            self.refusal = _(NOT_SO)

    def _verb(self, entry: Entry) -> Callable[..., object] | None:
        if self.verb == "release" and entry.is_held:
            return decisions.release
        if self.verb == "keep" and entry.is_reported:
            return decisions.keep
        if self.verb == "remove" and not entry.is_removed:
            return partial(decisions.remove, rules=self.rules)
        return None


def choice(group: Group, by: User, decision: str, key: str) -> Choice | None:
    """What a button of the form asks for: "remove:" and a rule's code, "release", "keep", or ""."""
    verb, _colon, code = decision.partition(":")
    if not verb:
        return None
    if verb not in ("release", "keep", "remove") or not 8 <= len(key) <= 64:
        raise Refused(_("The form was not complete. Reload the page and decide again."))
    rules = [rule for rule in rules_of(group) if rule.code == code] if verb == "remove" else []
    if verb == "remove" and not rules:
        raise Refused(
            _("This group has no such rule. Nothing was added: choose one of those below.")
        )
    return Choice(verb, rules, by, key)


def rules_of(group: Group) -> list[Rule]:
    return list(group.rules.where(~Rule.retired).order_by(Rule.position))


def buttons_of(group: Group) -> tuple[tuple[str, str], ...]:
    return tuple((rule.code, rule.name) for rule in rules_of(group))
