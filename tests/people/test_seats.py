"""What a moderator has no seat for does not exist: the same 404 as for what never was."""

import re

import pytest

from console.people import users
from models import Decision, Entry, Group, OneTimeLink
from tests.cast import fresh, take

OUTSIDE = [
    "/entries/{held}",
    "/queue/held?group=leoncin",
    "/queue/incoming?group=leoncin",
    "/queue/reported?group=leoncin",
    "/queue/held?decided={held}",
    "/people/users",
    "/insight/decisions",
    "/insight/decisions?group=czosnow",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_page_outside_ones_seats_is_not_found(browse, stranger, held, path):
    client = browse(stranger)
    answer = client.get(path.format(held=held.id))
    assert answer.status_code == 404
    assert held.text not in answer.text


@pytest.mark.parametrize("path", OUTSIDE)
def test_an_administrator_finds_every_one_of_them(browse, administrator, elsewhere, held, path):
    assert browse(administrator).get(path.format(held=held.id)).status_code == 200


@pytest.mark.parametrize("decision", ["release", "remove:hate", "keep", "hold", "tag:hate", "undo"])
@pytest.mark.parametrize("htmx", [False, True])
def test_a_decision_outside_ones_seats_is_not_found_and_not_made(
    browse, stranger, held, decision, htmx
):
    client = browse(stranger)
    before = Decision.select().count()
    answer = client.submit(
        f"/entries/{held.id}/decisions",
        htmx=htmx,
        version=held.version,
        key="k" * 16,
        decision=decision,
    )
    assert answer.status_code == 404
    assert held.text not in answer.text
    assert fresh(held).is_held
    assert Decision.select().count() == before


def test_capturing_into_a_group_without_a_seat_is_not_found(browse, stranger, leoncin):
    client = browse(stranger)
    answer = client.submit("/intake/capture", group="leoncin", text="Text", author="Author")
    assert answer.status_code == 404
    assert not Entry.select().exists()


@pytest.mark.parametrize("change", ["seats", "link", "administrator", "deactivate", "reactivate"])
def test_a_moderator_cannot_change_users(browse, anna, stranger, change):
    client = browse(stranger)
    form = {"change": change}
    for user in (anna, stranger):
        assert client.submit(f"/people/users/{user.id}", **form).status_code == 404
        assert fresh(user).__data__ == user.__data__
    assert not OneTimeLink.select().exists()


def test_a_moderator_cannot_add_users(browse, stranger):
    form = {"name": "me too", "role": "administrator"}
    assert browse(stranger).submit("/people/users", **form).status_code == 404
    assert not users.User.select().where(users.User.name == "me too").exists()


def test_a_foreign_entry_looks_exactly_like_one_that_never_was(browse, stranger, held):
    client = browse(stranger)

    def face(id: int) -> str:
        page = client.get(f"/entries/{id}").text
        return re.sub(r'(<input type="hidden" name="\w+") value="[^"]*"', r"\1", page)

    assert face(held.id) == face(held.id + 1000)


@pytest.mark.databases("sqlite", "postgres")
def test_the_lists_hold_only_what_is_in_ones_groups(browse, stranger, anna, elsewhere, held):
    take(elsewhere, id="there", text="Ich sąsiad to idiota.")
    theirs, hers = (browse(who).get("/queue/held").text for who in (stranger, anna))
    assert ("Ich sąsiad" in theirs, "Sąsiad to" in theirs) == (True, False)
    assert ("Ich sąsiad" in hers, "Sąsiad to" in hers) == (False, True)


def test_the_counts_are_of_ones_groups(browse, stranger, anna, held):
    assert '<b class="count">1</b>' in browse(anna).get("/queue/held").text
    assert '<b class="count">1</b>' not in browse(stranger).get("/queue/held").text


def test_a_moderator_without_any_seat_sees_empty_lists(browse, anna, held):
    users.seat(anna, [])
    client = browse(anna)
    for name in ("incoming", "held", "reported"):
        answer = client.get(f"/queue/{name}")
        assert answer.status_code == 200
        assert "<article" not in answer.text


def test_a_seat_opens_and_closes_the_group_in_a_running_session(browse, stranger, leoncin, held):
    client = browse(stranger)
    own = Group.get(Group.slug == "czosnow")
    users.seat(stranger, [own, leoncin])
    assert client.get(f"/entries/{held.id}").status_code == 200
    users.seat(stranger, [own])
    assert client.get(f"/entries/{held.id}").status_code == 404


def test_the_capture_form_offers_only_ones_groups(browse, stranger, leoncin):
    page = browse(stranger).get("/intake/capture").text
    assert 'value="czosnow"' in page
    assert 'value="leoncin"' not in page


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("id", ["0", "2147483648", "9223372036854775808", "9" * 30])
def test_an_id_that_no_row_can_have_is_not_found(browse, administrator, id):
    client = browse(administrator)
    assert client.get(f"/entries/{id}").status_code == 404
    assert client.get(f"/queue/held?decided={id}").status_code in (200, 404)
    assert client.submit(f"/people/users/{id}", change="deactivate").status_code == 404
