"""Whatever two people decide, undo, open, do and say, and in whatever order: once all tasks are
settled, Facebook stands as the console says, and nothing counts as done that nobody did."""

import os
from contextlib import suppress

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from console.entries.decisions import VERBS
from console.errors import Changed, Overtaken, Refused
from console.groups import groups
from console.platforms import tasks
from console.storage import now
from models import Delivery, Entry, Municipality, User
from tests import cast

PENDING, SPAM, REPORTED, VISIBLE, GONE = *Entry.STANDS, "gone"
HELD_THERE = PENDING, SPAM
WHO, WHICH = st.sampled_from(("anna", "bartek")), st.sampled_from(("pending", "spam", "seen", "c"))
VERB = st.sampled_from(("release", "remove", "remove", "keep", "hold", "undo", "undo"))


class Facebook(RuleBasedStateMachine):
    """Two moderators, three posts and a comment; Facebook changes only when a person does a task."""

    number = 0

    @initialize()
    def open(self):
        Facebook.number += 1
        municipality, _new = Municipality.get_or_create(teryt="1", defaults={"name": "Gmina"})
        made = groups.create(f"facebook{Facebook.number}", "Grupa", municipality)
        self.group = cast.on_facebook(made)
        self.people = {
            name: cast.user(f"{name}-{Facebook.number}", User.MODERATOR, self.group)
            for name in ("anna", "bartek")
        }
        self.there = {"pending": PENDING, "spam": SPAM, "seen": VISIBLE, "c": VISIBLE}
        self.did, self.reports = set(), 0
        for id in self.there:
            self.capture(id)

    def entry(self, id: str) -> Entry:
        return Entry.get((Entry.group == self.group) & (Entry.external_id == id))

    def tasks(self, *states: str) -> list[Delivery]:
        mine = Delivery.connection.in_(self.group.connections)
        return list(Delivery.select().where(mine, Delivery.state.in_(states)).order_by(Delivery.id))

    @rule(id=WHICH)
    def capture(self, id):
        if self.there[id] == GONE:
            return
        held = {"by": "platform", "reason": ""} if self.there[id] in HELD_THERE else None
        known = Entry.select().where(Entry.group == self.group, Entry.external_id == id).exists()
        comment = {"kind": "comment", "parent_id": "seen"} if id == "c" else {}
        type = "entry.updated" if known else "entry.created"
        cast.take(self.group, type, now(), id=id, held=held, **comment)
        Entry.update(stands=self.there[id]).where(Entry.id == self.entry(id).id).execute()

    @rule(id=st.sampled_from(("seen", "c")))
    def a_member_reports(self, id):
        if self.there[id] not in (VISIBLE, REPORTED):
            return
        self.there[id], self.reports = REPORTED, self.reports + 1
        self.capture(id)
        cast.take(self.group, "report.created", id=f"r{self.reports}", entry_id=id)

    @rule(id=WHICH, who=WHO, verb=VERB)
    def decide(self, id, who, verb):
        entry = self.entry(id)
        needs = [[cast.rule(self.group)]] if VERBS[verb].needs_rules else []
        with suppress(Overtaken, Refused):
            VERBS[verb].decide(entry, self.people[who], cast.submission(entry), *needs)

    def chosen(self, data, *states: str) -> Delivery | None:
        found = self.tasks(*states)
        return data.draw(st.sampled_from(found)) if found else None

    @rule(data=st.data(), who=WHO)
    def open_task(self, data, who):
        if task := self.chosen(data, Delivery.TO_DO):
            tasks.open_task(task, self.people[who])

    @rule(data=st.data())
    def do(self, data):
        task = self.chosen(data, Delivery.TO_DO)
        if task and not tasks.shown(task.id).is_taken_back:
            self.carry_out(task)

    def carry_out(self, task: Delivery) -> bool:
        id = task.entry.external_id
        if self.there[id] == GONE:
            return False
        self.there[id] = GONE if task.kind == "remove" else VISIBLE
        if id == "seen" and self.there[id] == GONE:
            self.there["c"] = GONE
        self.did.add(task.id)
        return True

    @rule(data=st.data(), who=WHO)
    def say_done(self, data, who):
        """Also of what was taken back between doing and saying."""
        task = self.chosen(data, Delivery.TO_DO, Delivery.CANCELLED)
        if task and task.id in self.did:
            self.say(tasks.done, task, who)

    @rule(data=st.data(), who=WHO)
    def say_not_possible(self, data, who):
        task = self.chosen(data, Delivery.TO_DO)
        if task and task.id not in self.did:
            self.say(tasks.not_possible, task, who, "Nie ma przycisku")

    @rule(data=st.data(), who=WHO)
    def say_not_done(self, data, who):
        task = self.chosen(data, Delivery.TO_DO)
        if task and task.id not in self.did:
            self.say(tasks.not_done, task, who)

    def say(self, verb, task, who, *why) -> None:
        with suppress(Changed):
            verb(Delivery.get_by_id(task.id), self.people[who], *why)

    @invariant()
    def nothing_counts_as_done_that_nobody_did(self):
        if hasattr(self, "group"):
            assert {task.id for task in self.tasks(Delivery.DONE)} <= self.did

    @invariant()
    def nothing_that_may_have_been_done_is_cancelled_unasked(self):
        if hasattr(self, "group"):
            for task in self.tasks(Delivery.CANCELLED):
                done_after = task.entry.platform_state == Entry.REMOVED or task.settled_by
                assert not task.opened or done_after or self.is_below_gone(task) or self.moot(task)

    def moot(self, task: Delivery) -> bool:
        later = (Delivery.entry == task.entry) & (Delivery.id > task.id)
        return Delivery.select().where(later, Delivery.state == Delivery.DONE).exists()

    def is_below_gone(self, task: Delivery) -> bool:
        parent = task.entry.parent
        return bool(parent and parent.platform_state == Entry.REMOVED)

    def teardown(self):
        if not hasattr(self, "group"):
            return
        for task in self.tasks(Delivery.CANCELLED):
            if task.id in self.did:
                self.say(tasks.done, task, "anna")
        while open_ones := self.tasks(Delivery.TO_DO):
            task = open_ones[0]
            if task.id in self.did:
                self.say(tasks.done, task, "anna")
            elif tasks.shown(task.id).is_taken_back:
                self.say(tasks.not_done, task, "anna")
            else:
                assert self.carry_out(task), f"{task.kind} of what is gone"
                self.say(tasks.done, task, "anna")
        for id, there in self.there.items():
            self.agrees(self.entry(id), there)

    def agrees(self, entry: Entry, there: str) -> None:
        below = entry.parent and entry.parent.platform_state == Entry.REMOVED
        if not below:
            stands = {GONE: Entry.REMOVED, PENDING: Entry.HELD, SPAM: Entry.HELD}
            assert entry.platform_state == stands.get(there, Entry.PUBLISHED)
        refused = entry.deliveries.where(Delivery.state == Delivery.NOT_POSSIBLE).exists()
        if entry.is_removed:
            assert there == GONE or refused
        elif entry.is_published and there != GONE:  # what is gone cannot be had; the card says so
            assert there in (VISIBLE, REPORTED) or refused


def test_facebook_stands_as_the_console_says_once_all_tasks_are_settled(app):
    steps = settings(
        max_examples=int(os.environ.get("FURTKA_EXAMPLES", 15)),
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Facebook, settings=steps)
