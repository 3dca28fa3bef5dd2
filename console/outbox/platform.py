"""The interface of a platform, and the registry of platforms.

Each platform is a module of console/platforms, which decisions must not import; it registers here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from console.language import N_
from models import Connection, Delivery, Entry

# The kind of delivery that leads to a state, and the other way round.
ACT_FOR = {Entry.PUBLISHED: "release", Entry.HELD: "hold", Entry.REMOVED: "remove"}
STATE_AFTER = {act: state for state, act in ACT_FOR.items()}
DECISION = "decision"  # the kind of delivery that notifies of a decision, whichever it is
# What people do besides: dismiss there what members reported; report to the platform's own staff.
KEEP, REPORT = "keep", "report"


class Ability(NamedTuple):
    """How a kind of delivery is carried out: by a person or by the worker; whether it is reversible."""

    by_hand: bool = False
    reversible: bool = True


@dataclass(frozen=True)
class Platform:
    name: str  # as in Connection.platform
    abilities: Mapping[str, Ability]  # by kind of delivery
    is_reachable: Callable[[Connection], bool]
    # Carries out a delivery within a bounded time. Returns Delivery.DELIVERED, or TO_DO when a
    # person must do it; raises DeliveryError.
    carry_out: Callable[[Delivery], str]
    # Whether the comments on what is removed there are gone with it.
    removes_replies: bool = False
    there: str = N_("on the platform")

    @property
    def is_told(self) -> bool:
        """Whether it is notified of every decision; else it gets an order only where one is needed."""
        return DECISION in self.abilities

    def can_be_reversed(self, state: str) -> bool:
        """Whether what led to the state there can be taken back there."""
        ability = self.abilities.get(ACT_FOR[state])
        return ability is None or ability.reversible


PLATFORMS: dict[str, Platform] = {}


def register(platform: Platform) -> Platform:
    PLATFORMS[platform.name] = platform
    return platform
