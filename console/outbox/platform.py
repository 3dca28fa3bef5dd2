"""What the kinds of platform can do. Each stands in a module of console/platforms/, and registers.

Here, below entries, stands only what must be known when a decision is made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from models import Connection, Delivery, Entry

# The act that leads to a state, and the state that an act leads to.
ACT_FOR = {Entry.PUBLISHED: "release", Entry.HELD: "hold", Entry.REMOVED: "remove"}
STATE_AFTER = {act: state for state, act in ACT_FOR.items()}
DECISION = "decision"  # the kind of a delivery that tells of a decision, whatever it was


class Ability(NamedTuple):
    """How a platform does something: by a person's hand or by itself, and whether it can be reversed."""

    by_hand: bool = False
    reversible: bool = True


@dataclass(frozen=True)
class Platform:
    name: str  # as in Connection.platform
    abilities: Mapping[str, Ability]  # by kind of delivery
    is_reachable: Callable[[Connection], bool]
    # Does what the delivery says, within a bounded time. Returns Delivery.DELIVERED, or TO_DO when
    # a person must; raises DeliveryError.
    carry_out: Callable[[Delivery], str]

    @property
    def is_told(self) -> bool:
        """It is told of every decision of the staff, and acts by itself; others are given orders."""
        return DECISION in self.abilities


PLATFORMS: dict[str, Platform] = {}


def register(platform: Platform) -> Platform:
    PLATFORMS[platform.name] = platform
    return platform
