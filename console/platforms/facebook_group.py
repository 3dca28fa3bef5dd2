"""The platform "facebook-group": it has no API for groups, so people do there what was decided here.

What is deleted or declined there cannot be brought back, and comments are gone with their post. What
is visible there cannot be held. settings: what console/platforms/rounds.py keeps there.
"""

from console.groups.preapproval import PREAPPROVE, WITHDRAW_APPROVAL
from console.language import N_
from console.outbox.platform import KEEP, REPORT, Ability, Platform, register
from models import Delivery


def _by_hand(_delivery: Delivery) -> str:
    return Delivery.TO_DO


FACEBOOK_GROUP = register(
    Platform(
        name="facebook-group",
        abilities={
            "release": Ability(by_hand=True),
            "remove": Ability(by_hand=True, reversible=False),
            KEEP: Ability(by_hand=True),
            REPORT: Ability(by_hand=True),
            PREAPPROVE: Ability(by_hand=True),
            WITHDRAW_APPROVAL: Ability(by_hand=True),
        },
        is_reachable=lambda _connection: True,
        carry_out=_by_hand,
        removes_replies=True,
        there=N_("on Facebook"),
    )
)
