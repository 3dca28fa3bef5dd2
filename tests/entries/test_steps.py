"""Any interleaving of two moderators, replays, undo and late webhooks ends in a state that the trail
explains, and every count equals its rows."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from console.entries import decisions
from console.entries.decisions import VERBS
from console.errors import Overtaken, Refused
from console.groups import contracts, groups, units
from console.outbox.connections import connection_of
from console.platforms import connections
from console.queue.lists import LISTS, desk_of, page
from console.queue.trail import trail
from console.storage import now
from models import Connection, Decision, Delivery, Entry, Municipality, Report, User, Violation
from tests import cast

WHO, WHICH = st.sampled_from(("anna", "bartek")), st.sampled_from(("p1", "p2", "unit"))


class Desk(RuleBasedStateMachine):
    """Two moderators with a handful of entries; each may hold an old form and send it late."""

    number = 0

    @initialize()
    def open(self):
        Desk.number += 1
        municipality, _new = Municipality.get_or_create(teryt="1", defaults={"name": "Gmina"})
        self.group = groups.create(f"g{Desk.number}", "Grupa", municipality)
        contracts.sign(self.group, now().date() - cast.DAY, None, 1)
        unit = units.name_unit(self.group, "safety", "OSP", "OSP")
        units.designate(unit, "osp", "OSP", "")
        self.people = {
            name: cast.user(f"{name}{Desk.number}", User.MODERATOR, self.group)
            for name in ("anna", "bartek")
        }
        self.start, self.sent, self.reports = now() - timedelta(hours=1), [], 0
        for id in ("p1", "p2", "unit"):
            self.tell("entry.created", id, 0)

    def tell(self, type: str, id: str, minute: int, **data):
        who = {"id": "osp" if id == "unit" else "ewa", "name": id}
        at = self.start + timedelta(minutes=minute)
        cast.take(self.group, type, at, id=id, author=who, **data)

    def entry(self, id: str) -> Entry:
        return Entry.get((Entry.group == self.group) & (Entry.external_id == id))

    def decide(self, id: str, who: str, verb: str, submission: decisions.Submission):
        entry, by = self.entry(id), self.people[who]
        needs = [[cast.rule(self.group)]] if VERBS[verb].needs_rules else []
        try:
            decision = VERBS[verb].decide(entry, by, submission, *needs)
        except (Overtaken, Refused):
            return
        self.sent.append((id, who, verb, submission, decision))

    @rule(id=WHICH, who=WHO, verb=st.sampled_from(sorted(VERBS)), note=st.sampled_from(("", "Bo")))
    def a_moderator_decides(self, id, who, verb, note):
        self.decide(id, who, verb, replace(cast.submission(self.entry(id)), note=note))

    @rule(id=WHICH, who=WHO, verb=st.sampled_from(sorted(VERBS)), behind=st.integers(1, 3))
    def a_stale_form_comes_in(self, id, who, verb, behind):
        before, count = self.entry(id), Decision.select().count()
        stale = decisions.Submission(
            before.version - behind, cast.submission(before).idempotency_key
        )
        self.decide(id, who, verb, stale)
        assert Decision.select().count() == count

    @rule(pick=st.integers(0, 99), verb=st.sampled_from(sorted(VERBS)))
    def a_form_is_sent_again(self, pick, verb):
        if not self.sent:
            return
        id, who, verb, submission, first = self.sent[pick % len(self.sent)]
        count, state = Decision.select().count(), self.entry(id).state
        needs = [[cast.rule(self.group)]] if VERBS[verb].needs_rules else []
        again = VERBS[verb].decide(self.entry(id), self.people[who], submission, *needs)
        assert again == first
        assert (Decision.select().count(), self.entry(id).state) == (count, state)

    @rule(
        id=WHICH,
        minute=st.integers(0, 50),
        type=st.sampled_from(("entry.created", "entry.updated", "entry.held", "entry.removed")),
        text=st.sampled_from(("Dzień dobry", "Dobry wieczór", "")),
        by=st.sampled_from(("author", "platform", "staff")),
    )
    def the_platform_says_something_perhaps_late(self, id, minute, type, text, by):
        held = {"by": "platform", "reason": "spam"} if type == "entry.held" else None
        before = self.entry(id).text
        self.tell(type, id, minute, text=text, held=held, by=by)
        state = self.entry(id).state
        self.tell(type, id, minute, text=text, held=held, by=by)  # and says it again
        assert self.entry(id).state == state
        assert type != "entry.removed" or self.entry(id).text == before

    @rule(id=WHICH)
    def somebody_reports(self, id):
        self.reports += 1
        self.tell("report.created", f"r{self.reports}", 50, entry_id=id)

    @rule(number=st.integers(1, 9))
    def somebody_withdraws_a_report_that_may_not_be_here_yet(self, number):
        self.tell("report.withdrawn", f"r{number}", 50)

    @invariant()
    def what_was_withdrawn_is_not_open(self):
        for report in self.group.reports if hasattr(self, "group") else ():
            assert not (report.withdrawn and report.state == Report.OPEN)

    @invariant()
    def steps_join_up_and_end_in_the_state(self):
        if not hasattr(self, "group"):
            return
        for entry in self.group.entries:
            state = Entry.PUBLISHED
            for step in entry.decisions.order_by(Decision.id):
                assert step.from_state == state
                state = step.to_state
            assert entry.state == state
            told = [line.sentence for line in trail(entry).lines]
            assert len(told) >= 1 + entry.decisions.count()

    @invariant()
    def every_count_equals_its_rows(self):
        if not hasattr(self, "group"):
            return
        desk = desk_of(self.people["anna"])
        for name in LISTS:
            assert desk.counts[name] == len(page(name, [self.group.id]).entries)
        for entry in self.group.entries:
            open_reports = entry.reports.where(Report.state == Report.OPEN).count()
            assert entry.is_reported == bool(open_reports)

    @invariant()
    def every_staff_decision_is_told_once_or_undid_one_in_time(self):
        if not hasattr(self, "group"):
            return
        if not connection_of(self.group.id).settings:  # nobody to tell
            assert (
                not Delivery.select()
                .join(Connection)
                .where(Connection.group == self.group)
                .exists()
            )
            return
        staffs = (Decision.group == self.group) & (Decision.actor == Decision.STAFF)
        for decision in Decision.select().where(staffs):
            count = Delivery.select().where(Delivery.decision == decision).count()
            undone = decision.undoes and decision.undoes.deliveries.get().state
            assert count == (0 if undone == Delivery.CANCELLED else 1)

    @invariant()
    def no_rule_is_tagged_twice_on_one_entry(self):
        if not hasattr(self, "group"):
            return
        mine = Violation.entry.in_(self.group.entries)
        open_ones = Violation.select().where(Violation.untagged.is_null(), mine)
        pairs = [(v.entry_id, v.rule_id) for v in open_ones]
        assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("address", [None, "http://127.0.0.1:9/"])
def test_every_interleaving_ends_in_a_state_that_the_trail_explains(app, address):
    class OfAddress(Desk):
        def open(self):
            super().open()
            connections.set_address(self.group, address)

        open = initialize()(open)

    steps = settings(
        max_examples=int(os.environ.get("FURTKA_EXAMPLES", 5)),
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(OfAddress, settings=steps)
