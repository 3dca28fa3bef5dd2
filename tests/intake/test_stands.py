"""What stands where on Facebook, as whoever captures it says."""

from contextlib import suppress
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.entries import decisions
from console.errors import Refused
from console.groups import units
from console.intake.capture import capture
from models import Decision, Entry, Profile, Report, Rule
from tests.cast import fresh, on_facebook, submission, take

POST = "https://www.facebook.com/groups/leoncin/posts/77/"
COMMENT = POST + "?comment_id=88"
TEXT = "Sprzedam rower, prawie nowy."
SPELLINGS = [
    POST,
    "m.facebook.com/groups/leoncin?view=permalink&id=77",
    "https://www.facebook.com/groups/leoncin/permalink/77/?mibextid=x",
    "Zobacz: https://facebook.com/groups/leoncin/?multi_permalinks=77",
]


@pytest.fixture
def see(leoncin, anna):
    on_facebook(leoncin)

    def see(text=TEXT, author="Jan Nowak", link=POST, profile=None, **more):
        return capture(leoncin, anna, text, author, link, profile, **more)

    return see


@pytest.mark.parametrize(
    ("stands", "reason"), [("pending", "oczekuje"), ("spam", "potencjalny spam")]
)
def test_what_waits_there_is_held_by_the_platform(see, stands, reason):
    entry = fresh(see(stands=stands).entry)
    assert (entry.state, entry.held_by, entry.held_reason) == ("held", "platform", reason)
    assert (entry.platform_state, entry.stands, entry.urgency) == ("held", stands, 0)


def test_a_units_post_that_waits_there_is_urgent(see, osp):
    assert fresh(see(profile=osp, stands="spam").entry).urgency
    assert not fresh(see(profile=osp, link=POST + "1", stands="published").entry).urgency


@pytest.mark.parametrize("link", [POST, COMMENT])
def test_what_a_member_reported_is_reported_once(see, link):
    for _time in range(2):
        entry = see(link=link, stands="reported", reporter="Ewa Lis").entry
    report = Report.get()
    assert (report.entry, report.reporter_name, report.state) == (entry, "Ewa Lis", "open")
    assert fresh(entry).reported_since
    assert Entry.select().count() == 1


def test_a_comment_that_is_reported_hangs_on_its_post(see):
    post = see().entry
    comment = see(text="Oszust!", link=COMMENT, stands="reported").entry
    assert fresh(comment).parent == post
    assert not fresh(post).reported_since


def test_what_is_published_is_as_ever(see):
    entry = fresh(see().entry)
    assert (entry.state, entry.stands, entry.reported_since) == ("published", "published", None)


def test_it_stands_nowhere_else(see):
    with pytest.raises(Refused, match="gdzie"):
        see(stands="elsewhere")
    assert not Entry.select().exists()


@pytest.mark.parametrize("stands", ["pending", "spam"])
def test_that_a_known_entry_waits_there_now_is_taken_over(see, leoncin, stands):
    known = take(leoncin, id="p1", url=POST, text=TEXT)
    assert see(text="Inny", stands=stands).outcome == "changed"
    entry = fresh(known)
    assert (entry.state, entry.held_by, entry.text) == ("held", "platform", TEXT)
    assert see(stands=stands).outcome == "unchanged"
    assert entry.decisions.count() == 1


def test_what_was_let_go_and_waits_there_still_is_no_news(see, anna):
    entry = see(stands="pending").entry
    decisions.release(entry, anna, submission(entry))
    assert see(stands="pending").outcome == "unchanged"
    assert fresh(entry).is_published


def test_what_was_removed_and_is_seen_there_still_stays_removed(see, anna, leoncin):
    entry = see().entry
    rules = [Rule.get(Rule.group == leoncin)]
    decisions.remove(entry, anna, submission(entry), rules)
    for stands in ("pending", "reported", "published"):
        see(stands=stands)
        assert fresh(entry).is_removed
    assert Report.get().state == Report.UPHELD


def test_a_report_that_was_found_wrong_stays_so(see, anna):
    entry = see(stands="reported").entry
    decisions.keep(entry, anna, submission(entry))
    assert see(stands="reported").outcome == "unchanged"
    assert not fresh(entry).reported_since


def test_a_link_alone_is_enough(see):
    entry = fresh(see(text="", author="").entry)
    assert (entry.text, entry.fingerprint, entry.state) == ("", "", "published")
    assert entry.profile.nameless
    assert entry.profile.name == "autor nieznany"


def test_without_a_link_a_text_or_a_picture_there_is_nothing_to_add(see):
    with pytest.raises(Refused):
        see(text=" ", author="Jan", link="")


def test_two_units_may_publish_the_same_text(see, osp, leoncin):
    library = units.name_unit(leoncin, "culture", "biblioteka", "Biblioteka")
    other = units.designate(library, "bib", "Biblioteka Leoncin", "")
    first = see(link="", profile=osp).entry
    assert see(link="", profile=other).entry != first
    assert see(link="", profile=osp).entry == first


@pytest.mark.parametrize("order", [*permutations([("", ""), ("", "Jan Nowak"), (TEXT, "")])])
def test_what_is_missing_comes_with_a_later_sighting(see, order):
    for text, author in order:
        entry = see(text=text, author=author).entry
    entry = fresh(entry)
    assert (entry.text, entry.profile.name) == (TEXT, "Jan Nowak")
    assert Entry.select().count() == 1
    assert not Profile.select().where(Profile.nameless).exists()


SIGHTINGS = st.lists(
    st.tuples(
        st.sampled_from(SPELLINGS),
        st.sampled_from(["", TEXT]),
        st.sampled_from(["", "Jan Nowak"]),
        st.sampled_from(Entry.STANDS),
        st.sampled_from(["", "release", "keep", "remove"]),
    ),
    min_size=2,
    max_size=6,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SIGHTINGS)
def test_one_post_is_one_entry_whose_decisions_explain_its_state(see, anna, leoncin, sightings):
    before = Entry.select().count()
    offset = f"{1000 + before}"
    rules = [Rule.get(Rule.group == leoncin)]
    more = {"release": (), "keep": (), "remove": (rules,)}
    for link, text, author, stands, verb in sightings:
        link = link.replace("77", offset)
        entry = see(text=text, author=author, link=link, stands=stands).entry
        if verb:
            with suppress(Refused):
                decisions.VERBS[verb].decide(entry, anna, submission(entry), *more[verb])
    assert Entry.select().count() == before + 1
    entry, state = fresh(entry), Entry.PUBLISHED
    for decision in entry.decisions.order_by(Decision.id):
        assert decision.from_state == state
        state = decision.to_state
    assert state == entry.state
    assert entry.reports.count() == any(stands == "reported" for *_, stands, _verb in sightings)
    assert bool(entry.text) == any(text for _link, text, *_ in sightings)
    assert entry.profile.nameless != any(author for *_, author, _stands, _verb in sightings)


@pytest.mark.parametrize("long", [{"author": "x" * 256}, {"reporter": "x" * 256}])
def test_nothing_is_cut_what_is_too_long_is_refused(see, long):
    with pytest.raises(Refused, match="za dług"):
        see(stands="reported", **long)
    assert not Entry.select().exists()
