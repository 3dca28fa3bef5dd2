"""What the platform stops of what units publish, counted over their newest posts.

It is told as "7 of 9": of nine posts with that trait, seven were held and let out again. What has
happened less than SHOWN_FROM times is not told: it may be chance.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from console.clock import WARSAW
from console.language import N_
from console.text.folding import WORD, fold
from console.text.links import domains_of
from models import Delivery, Entry, Group, Profile, WrongHold

POSTS = 5_000  # that are looked at
SHOWN_FROM = 3
MOST = 12  # traits of a kind
EXAMPLES = 3
SHORTEST_WORD = 4
TELLING = 2  # a word is told of if it is held so many times as often as posts in general

LENGTHS = ((200, N_("up to 200 characters")), (1000, N_("201 to 1,000 characters")))
LONGER = N_("over 1,000 characters")
HOURS = (
    (6, N_("at night, 0 to 6")),
    (12, N_("in the morning, 6 to 12")),
    (18, N_("in the afternoon, 12 to 18")),
    (24, N_("in the evening, 18 to 24")),
)
NOT_APPROVED, APPROVED = N_("a profile that is not pre-approved"), N_("a pre-approved profile")
WITH_LINK, WITHOUT_LINK = N_("with a link"), N_("without a link")
# Kinds of trait, in the order of the page; the values of all but DOMAIN and WORD are in the catalogue.
PROFILE, LINK, DOMAIN = "profile", "link", "domain"
WORDS, LENGTH, HOUR = "words", "length", "hour"
KINDS = {
    PROFILE: N_("Who wrote it"),
    LINK: N_("Links"),
    DOMAIN: N_("Where the links lead"),
    WORDS: N_("Words"),
    LENGTH: N_("Length"),
    HOUR: N_("Time of day"),
}


class Post(NamedTuple):
    """A unit's post, as far as its traits go."""

    id: int
    text: str
    links: list[str]
    created: datetime
    preapproved: datetime | None  # its profile, since when


class Trait(NamedTuple):
    value: str
    held: int
    total: int
    examples: list[int]  # ids of entries, the newest first


class Memory(NamedTuple):
    """`posts` were looked at; of those `held` were. `kept` holds are remembered in all."""

    posts: int
    held: int
    kept: int
    traits: dict[str, list[Trait]]  # by kind, the most frequently held first
    reasons: list[tuple[str, int]]  # the platform's words, and how often it gave them


def memory_of(groups: list[Group], *, all_groups: bool = False) -> Memory:
    """Over these groups; `all_groups`: they are all there are, which spares a filter."""
    posts = list(_newest_posts(groups, all_groups))
    holds = dict(_holds(groups))
    reasons = Counter(reason.strip() for reason in holds.values() if reason.strip())
    return Memory(
        len(posts),
        sum(post.id in holds for post in posts),
        len(holds),
        _counted(posts, holds.keys()),
        [(reason, n) for reason, n in reasons.most_common(MOST) if n >= SHOWN_FROM],
    )


def teaching(groups: list[Group]) -> list[Delivery]:
    """What is still to be approved on the platform of units' posts: each approval teaches it."""
    return list(
        Delivery.select(Delivery, Entry, Profile)
        .join(Entry)
        .join(Profile)
        .where(
            Delivery.to_do(),
            Delivery.kind == "release",
            Entry.whitelisted,
            Entry.kind == Entry.POST,
            Entry.group.in_(groups),
        )
        .order_by(Delivery.urgency.desc(), Delivery.due, Delivery.id)
        .limit(MOST)
    )


def traits_of(post: Post) -> set[tuple[str, str]]:
    """The traits of a post, as pairs (kind, value)."""
    plain = fold(post.text)
    domains = domains_of(plain, post.links)
    is_approved = post.preapproved is not None and post.preapproved <= post.created
    hour = post.created.astimezone(WARSAW).hour
    return {
        (PROFILE, APPROVED if is_approved else NOT_APPROVED),
        (LINK, WITH_LINK if domains else WITHOUT_LINK),
        (LENGTH, next((words for most, words in LENGTHS if len(post.text) <= most), LONGER)),
        (HOUR, next(words for before, words in HOURS if hour < before)),
        *((DOMAIN, domain) for domain in domains),
        *((WORDS, word) for word in WORD.findall(plain)),
    }


def _counted(posts: list[Post], held: Collection[int]) -> dict[str, list[Trait]]:
    examples: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    stopped = [post for post in posts if post.id in held]
    for post in stopped:
        for key in traits_of(post):
            examples[key].append(post.id)
    frequent = {key for key, ids in examples.items() if len(ids) >= SHOWN_FROM}
    totals: Counter[tuple[str, str]] = Counter()
    for post in posts:
        totals.update(traits_of(post) & frequent)
    found: dict[str, list[Trait]] = {kind: [] for kind in KINDS}
    for kind, value in frequent:
        ids = examples[kind, value]
        trait = Trait(value, len(ids), totals[kind, value], ids[:EXAMPLES])
        if kind != WORDS or _tells(trait, len(stopped), len(posts)):
            found[kind].append(trait)
    return {kind: sorted(traits, key=_most_held_first)[:MOST] for kind, traits in found.items()}


def _tells(trait: Trait, held: int, number: int) -> bool:
    is_word = len(trait.value) >= SHORTEST_WORD and not trait.value.isdecimal()
    return is_word and trait.held * number >= TELLING * held * trait.total


def _most_held_first(trait: Trait) -> tuple:
    return -trait.held, trait.total, trait.value


def _newest_posts(groups: list[Group], all_groups: bool) -> Iterator[Post]:
    columns = Entry.id, Entry.text, Entry.links, Entry.created, Profile.preapproved
    posts = Entry.select(*columns).join(Profile).where(Entry.incoming(), Entry.kind == Entry.POST)
    if not all_groups:
        posts = posts.where(Entry.group.in_(groups))
    newest = posts.order_by(Entry.received.desc(), Entry.created.desc(), Entry.id.desc())
    return map(Post._make, newest.limit(POSTS).tuples().iterator())


def _holds(groups: list[Group]) -> Iterator[tuple[int, str]]:
    kept = WrongHold.select(WrongHold.entry, WrongHold.reason)
    return kept.where(WrongHold.group.in_(groups)).tuples().iterator()
