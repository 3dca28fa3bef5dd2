"""The rows of a console that has been at work: one entry in ten held, one in twenty decided before.

They are as the verbs would have left them; in particular each entry's decisions join up. Row
number i is nearly the same in a small and in a large console, so that their first pages compare.
"""

from datetime import datetime, timedelta
from itertools import islice
from random import Random

from bench.texts import texts
from console.screening.verbs import fingerprint
from console.storage import InstantField, now
from models import Group, Rule, Screener, User

SPAN = timedelta(days=300)
TEXTS = 20_000
URGENT = 5  # of the held ones, in a console of any size
REPORT = {"reason": "hejt", "note": "", "reporter_id": "1", "reporter_name": "Jan", "state": "open"}


class Rows:
    """Makes rows and keeps them by table until they are taken."""

    def __init__(self, count: int):
        self.rng = Random(7)
        self.count = count
        self.end = now() - timedelta(minutes=1)
        self.groups = [group.id for group in Group.select().order_by(Group.id)]
        self.user = User.select().first().id
        self.screeners = [screener.id for screener in Screener.select()]
        self.rules = {
            group: [(rule.id, rule.name) for rule in Rule.select().where(Rule.group == group)]
            for group in self.groups
        }
        self.people = max(50, count // 200)  # so that the cards of both have a past
        self.texts = [(text, fingerprint(text)) for text in islice(texts(Random(11)), TEXTS)]
        self.posts: list[tuple[int, int]] = []
        self.decisions = 0
        self.waiting: dict[str, list[dict]] = {}

    def taken(self) -> dict[str, list[dict]]:
        waiting, self.waiting = self.waiting, {}
        return waiting

    def put(self, table: str, **row) -> None:
        self.waiting.setdefault(table, []).append(row)

    def profiles(self) -> list[dict]:
        return [
            {
                "id": number,
                "group_id": self.groups[number % len(self.groups)],
                "external_id": f"10003{number:010}",
                "name": f"{_FIRST[number % len(_FIRST)]} {_LAST[number // 7 % len(_LAST)]}",
                "url": f"https://www.facebook.com/profile.php?id=10003{number:010}",
                "active": 1,
            }
            for number in range(1, self.people + 1)
        ]

    def entry(self, number: int) -> None:
        rng = self.rng
        profile = 1 + int(rng.random() * self.people)
        group = self.groups[profile % len(self.groups)]
        text, hash_of_text = self.texts[int(rng.random() * TEXTS)]
        moment = self.end - SPAN * ((self.count - number) / self.count)
        at = _stored(moment)
        held, settled = number % 10 == 0, number % 20 == 5
        urgency = int(held and number <= 10 * URGENT)
        removed = settled and rng.random() < 0.4
        reported = not settled and rng.random() < (0.02 if held else 0.002)
        parent = self.parent(group)
        if parent is None:
            self.posts.append((number, group))
        self.put(
            "entry",
            id=number,
            group_id=group,
            profile_id=profile,
            external_id=f"74200{number:011}",
            kind="comment" if parent else "post",
            parent_id=parent,
            text=text,
            url=f"https://www.facebook.com/groups/{group}/posts/74200{number:011}/",
            links="[]",
            media="[]",
            created=at,
            received=at,
            fingerprint=hash_of_text,
            state="held" if held else "removed" if removed else "published",
            version=2 if held else 3 if settled else 1,
            urgency=urgency,
            held_since=at if held or settled else None,
            held_known=at if held or settled else None,
            held_by=("platform" if urgency else "screening") if held or settled else None,
            held_reason="",
            reported_since=at if reported else None,
            whitelisted=int(not held and number % 10 == 1),
            whitelist_reason="covered" if not held and number % 10 == 1 else "no-unit",
            content_time=at,
            platform_state="held" if urgency else "published",
            platform_time=at,
        )
        step = {"entry_id": number, "profile_id": profile, "group_id": group}
        if held or settled:
            by = "platform" if urgency else "screening"
            self.decide(step, "hold", by, "published", "held", at)
            self.hit(number, text)
        if settled:
            self.settle(step, removed, _stored(moment + timedelta(minutes=40)))
        if reported:
            self.report(number, group, at)

    def parent(self, group: int) -> int | None:
        """Three in five entries answer a recent post of their group."""
        if self.rng.random() < 0.4:
            return None
        recent = self.posts[-100:]
        self.posts = recent
        return next((post for post, of in reversed(recent) if of == group), None)

    def decide(self, step: dict, verb: str, actor: str, start: str, end: str, at: str) -> int:
        self.decisions += 1
        self.put(
            "decision",
            id=self.decisions,
            **step,
            verb=verb,
            actor=actor,
            by_id=self.user if actor == "staff" else None,
            from_state=start,
            to_state=end,
            idempotency_key=f"filled-{self.decisions:08}" if actor == "staff" else None,
            note="",
            happened=at,
            at=at,
        )
        return self.decisions

    def settle(self, step: dict, removed: bool, at: str) -> None:
        verb, end = ("remove", "removed") if removed else ("release", "published")
        decision = self.decide(step, verb, "staff", "held", end, at)
        entry, group = step["entry_id"], step["group_id"]
        if removed:
            rule, name = self.rng.choice(self.rules[group])
            self.put("violation", entry_id=entry, rule_id=rule, rule_name=name, tagged_id=decision)

    def hit(self, entry: int, text: str) -> None:
        """One word of the text, as if a screener had found it."""
        word = self.rng.choice(text.split())
        start = text.index(word)
        self.put(
            "hit",
            entry_id=entry,
            screener_id=self.rng.choice(self.screeners),
            screener_version=1,
            mode="on",
            start=start,
            end=start + len(word),
            form=word,
            base=word.lower(),
            cue="",
        )

    def report(self, entry: int, group: int, at: str) -> None:
        self.put(
            "report",
            group_id=group,
            external_id=f"r{entry}",
            entry_id=entry,
            created=at,
            received=at,
            **REPORT,
        )


_instant = InstantField()


def _stored(moment: datetime) -> str:
    return _instant.db_value(moment)


_FIRST = ("Anna", "Bożena", "Cezary", "Danuta", "Edward", "Grażyna", "Henryk", "Łucja", "Żaneta")
_LAST = ("Nowak", "Kowalska", "Wiśniewski", "Wójcik", "Żak", "Śliwa", "Mróz", "Gołąb", "Sroka")
