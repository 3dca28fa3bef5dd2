"""Platforms of the tests' own: they are given orders, by hand or by themselves."""

import pytest

from console.outbox.platform import PLATFORMS, Ability, Platform
from console.platforms.errors import DeliveryError
from models import Connection, Delivery


class Outside:
    """What a platform did with its orders, and what it shall do with the next one."""

    def __init__(self):
        self.done: list[str] = []
        self.next: list[DeliveryError | None] = []

    def carry_out(self, delivery: Delivery) -> str:
        error = self.next.pop(0) if self.next else None
        if error:
            raise error
        self.done.append(delivery.kind)
        return Delivery.DELIVERED


@pytest.fixture
def outside(leoncin, monkeypatch):
    """Leoncin is on a platform that carries orders out by itself; only a hold it cannot."""
    there = Outside()
    abilities = {"release": Ability(), "remove": Ability()}
    _connect(leoncin, monkeypatch, "ordered", abilities, there)
    return there


@pytest.fixture
def by_hand(leoncin, monkeypatch):
    """Leoncin is on a platform on which people do everything, and what is removed there is gone."""
    there = Outside()
    hand = Ability(by_hand=True)
    abilities = {"release": hand, "hold": hand, "remove": Ability(by_hand=True, reversible=False)}
    _connect(leoncin, monkeypatch, "by-hand", abilities, there)
    return there


@pytest.fixture
def with_replies(leoncin, monkeypatch):
    """Leoncin is on a platform that carries out what it can, and drops a post's comments with it."""
    there = Outside()
    abilities = {"release": Ability(), "hold": Ability(), "remove": Ability(reversible=False)}
    _connect(leoncin, monkeypatch, "with-replies", abilities, there, removes_replies=True)
    return there


def _connect(group, monkeypatch, name, abilities, there: Outside, **traits: bool) -> None:
    platform = Platform(name, abilities, lambda _connection: True, there.carry_out, **traits)
    monkeypatch.setitem(PLATFORMS, name, platform)
    Connection.update(platform=name).where(Connection.group == group).execute()
