"""An account of a unit in the wrong hands: off the whitelist, its last posts held for a look."""

import pytest

from console.clock import today
from console.entries import decisions
from console.errors import Refused
from console.groups.whitelist import covers
from console.queue import takeovers
from console.storage import now
from models import AuditRecord, Decision, Entry, Profile
from tests.cast import DAY, author, rule, submission, take


@pytest.fixture
def posts(leoncin, osp) -> list[Entry]:
    """An old post of the unit, two of today, and one of today that is removed already."""
    return [
        take(leoncin, id=f"o{number}", author=author(osp), created_at=at.isoformat())
        for number, at in enumerate((now() - 2 * DAY, now(), now(), now()))
    ]


def test_it_leaves_the_whitelist_and_its_last_posts_are_held_one_by_one(leoncin, anna, osp, posts):
    decisions.remove(posts[3], anna, submission(posts[3], note="spam"), [rule(leoncin)])
    assert takeovers.take_over(osp, anna, "key-of-the-form") == 2
    assert covers(Profile.get_by_id(osp.id), leoncin, today()).reason == "profile-inactive"
    states = [Entry.get_by_id(post.id).state for post in posts]
    assert states == ["published", "held", "held", "removed"]
    holds = list(Decision.select().where(Decision.verb == "hold"))
    assert {(hold.note, hold.by, hold.batch) for hold in holds} == {
        ("konto przejęte", anna, "key-of-the-form")
    }
    assert AuditRecord.get(AuditRecord.act == "profile.taken-off").by == anna


def test_the_same_form_again_holds_nothing_anew(anna, osp, posts):
    assert takeovers.take_over(osp, anna, "key-of-the-form") == 3
    decisions.release(posts[1], anna, submission(posts[1]))
    assert takeovers.take_over(osp, anna, "key-of-the-form") == 3
    assert Entry.get_by_id(posts[1].id).is_published


def test_what_it_writes_from_then_on_is_screened(leoncin, anna, osp):
    takeovers.take_over(osp, anna, "key-of-the-form")
    assert take(leoncin, id="new", text="Sąsiad to idiota.", author=author(osp)).is_held


def test_a_residents_profile_is_refused(anna, published):
    with pytest.raises(Refused):
        takeovers.take_over(published.profile, anna, "key-of-the-form")
    assert Entry.get_by_id(published.id).is_published


def test_a_form_without_a_key_is_refused_and_changes_nothing(anna, osp, posts):
    with pytest.raises(Refused):
        takeovers.take_over(osp, anna, "")
    assert Profile.get_by_id(osp.id).active


def test_one_tap_on_the_authors_page_does_it(browse, anna, osp, posts):
    browser = browse(anna)
    page = browser.get(f"/queue/authors/{osp.id}").text
    assert "Konto przejęte" in page
    answer = browser.submit(f"/queue/authors/{osp.id}/takeover", key="key-of-the-form")
    assert answer.status_code == 303
    after = browser.get(answer.location).text
    assert "3 posty są teraz zatrzymane" in after
    assert "innym sposobem niż ten profil" in after
    assert "poza białą listą" in after


def test_an_outsider_finds_nothing(browse, stranger, osp, posts):
    answer = browse(stranger).submit(f"/queue/authors/{osp.id}/takeover", key="k")
    assert answer.status_code == 404
    assert Profile.get_by_id(osp.id).active
