"""`receive`: the one way in. Again, late, out of order: what it takes must not depend on it."""

from datetime import timedelta
from itertools import permutations

import pytest

from console.clock import starts_at
from console.intake import payload
from console.intake.receive import receive
from console.screening import verbs
from console.storage import now
from models import Decision, Entry, Group, Hit, Profile, Report, Revision, Screener
from tests.cast import author, event, figures_of, fresh, idiot_screener, take

MINUTE = timedelta(minutes=1)


@pytest.fixture
def start():
    """A moment one hour ago: messages of one story are dated from it."""
    return now() - timedelta(hours=1)


def outcome(group: Group, type: str = "entry.created", at=None, **data) -> str:
    return receive(group, payload.read(event(type, at, **data))).outcome


def test_an_entry_comes_in_as_it_was_written(leoncin, start):
    entry = take(
        leoncin,
        at=start,
        id="p7",
        text="Zażółć gęślą jaźń 🦔\n\nDrugi akapit.",
        links=["https://gmina.example/a"],
        media=[{"type": "photo", "url": "https://cdn.example/1.jpg", "alt": "Jeż"}],
        figures={"views": 10, "reactions": 2, "comments": 1},
    )
    assert (entry.external_id, entry.kind, entry.state) == ("p7", "post", "published")
    assert entry.text == "Zażółć gęślą jaźń 🦔\n\nDrugi akapit."
    assert entry.links == ["https://gmina.example/a"]
    assert entry.media[0]["alt"] == "Jeż"
    assert figures_of(entry) == {"views": 10, "reactions": 2, "comments": 1, "shares": None}
    assert entry.created == start
    assert entry.received > start
    assert entry.profile.name == "Ewa Kowalska"


def test_only_what_the_schema_demands_is_enough(leoncin):
    message = event()
    required = ("id", "kind", "author", "text", "created_at")
    message["data"] = {name: message["data"][name] for name in required}
    message["data"]["author"] = {"id": "ewa", "name": "Ewa"}
    assert receive(leoncin, payload.read(message)).outcome == "new"


def test_an_empty_text_is_taken(leoncin):
    assert take(leoncin, text="").is_published  # a photo without a word


def test_the_same_message_again_changes_nothing(leoncin, start):
    first = take(leoncin, at=start, text="Sąsiad to idiota.")
    for _ in range(3):
        assert outcome(leoncin, at=start, text="Sąsiad to idiota.") == "unchanged"
    assert fresh(first).__data__ == first.__data__
    counted = (Entry, Revision, Decision, Hit, Profile)
    assert [model.select().count() for model in counted] == [1, 0, 1, 1, 1]


def test_the_same_id_in_another_group_is_another_entry(leoncin, elsewhere):
    assert take(leoncin) != take(elsewhere)


# --- edits ----------------------------------------------------------------------------------------


def test_an_edit_keeps_the_earlier_text_as_a_revision(leoncin, start):
    before = take(leoncin, at=start, text="Pierwszy", links=["https://a.example/"])
    after = take(leoncin, "entry.updated", start + MINUTE, text="Drugi")
    assert (after.text, after.links) == ("Drugi", [])
    (revision,) = after.revisions
    assert (revision.text, revision.links) == ("Pierwszy", ["https://a.example/"])
    assert after.version > before.version  # a form made for the earlier text is stale


@pytest.mark.parametrize(
    "change",
    [
        {"links": ["https://b.example/"]},
        {"media": [{"type": "photo", "url": "https://cdn.example/2.jpg", "alt": None}]},
    ],
)
def test_changed_links_and_media_are_an_edit_too(leoncin, start, change):
    take(leoncin, at=start)
    assert outcome(leoncin, "entry.updated", start + MINUTE, **change) == "changed"
    assert Revision.select().count() == 1


def test_an_update_that_changes_nothing_makes_no_revision(leoncin, start):
    first = take(leoncin, at=start)
    assert outcome(leoncin, "entry.updated", start + MINUTE) == "unchanged"
    assert Revision.select().count() == 0
    assert fresh(first).version == first.version


def test_an_older_edit_that_comes_late_does_not_turn_back_a_newer_one(leoncin, start):
    take(leoncin, at=start, text="Pierwszy")
    take(leoncin, "entry.updated", start + 2 * MINUTE, text="Trzeci")
    assert outcome(leoncin, "entry.updated", start + MINUTE, text="Drugi") == "unchanged"
    assert fresh(Entry.get()).text == "Trzeci"
    assert outcome(leoncin, at=start, text="Pierwszy") == "unchanged"
    assert fresh(Entry.get()).text == "Trzeci"


def test_an_edit_may_arrive_before_the_entry_itself(leoncin, start):
    take(leoncin, "entry.updated", start + MINUTE, text="Drugi")
    entry = take(leoncin, at=start, text="Pierwszy")
    assert entry.text == "Drugi"
    assert Entry.select().count() == 1


def test_in_whatever_order_edits_come_the_newest_text_stands(leoncin, start):
    story = [("entry.created", 0), ("entry.updated", 1), ("entry.updated", 2)]
    for number, order in enumerate(permutations(story)):
        for type, minute in order:
            take(leoncin, type, start + minute * MINUTE, id=f"p{number}", text=f"po {minute}")
        assert Entry.get(Entry.external_id == f"p{number}").text == "po 2"


def test_an_edit_into_an_insult_is_held(leoncin, start):
    take(leoncin, at=start, text="Sąsiad to miły człowiek.")
    entry = take(leoncin, "entry.updated", start + MINUTE, text="Sąsiad to idiota.")
    assert entry.is_held
    assert entry.hits.count() == 1


def test_an_edit_away_from_an_insult_stays_held_and_its_match_stays_with_the_revision(
    leoncin, start
):
    take(leoncin, at=start, text="Sąsiad to idiota.")
    entry = take(leoncin, "entry.updated", start + MINUTE, text="Sąsiad to miły człowiek.")
    assert entry.is_held  # a person looks
    (match,) = entry.hits
    assert match.revision == entry.revisions.get()


def test_a_new_name_of_the_author_is_taken_over(leoncin, start):
    take(leoncin, id="1", author={"id": "ewa", "name": "Ewa", "url": "https://f.example/ewa"})
    take(leoncin, id="2", author={"id": "ewa", "name": "Ewa Nowa"})
    profile = Profile.get()
    assert (profile.name, profile.url) == ("Ewa Nowa", "https://f.example/ewa")


def test_a_new_name_that_comes_with_an_update_is_taken(leoncin, start):
    take(leoncin, at=start)
    take(leoncin, "entry.updated", start + MINUTE, author={"id": "ewa", "name": "Ewa Nowa"})
    assert Profile.get().name == "Ewa Nowa"


def test_an_older_message_does_not_bring_the_old_name_back(leoncin, start):
    take(leoncin, id="new", at=start + MINUTE, author={"id": "ewa", "name": "Ewa Nowa"})
    take(leoncin, id="old", at=start, author={"id": "ewa", "name": "Ewa Dawna"})
    assert Profile.get().name == "Ewa Nowa"


def test_a_link_that_comes_with_an_update_is_kept(leoncin, start):
    take(leoncin, at=start, url=None)
    link = "https://www.facebook.com/groups/leoncin/posts/7/"
    assert take(leoncin, "entry.updated", start + MINUTE, url=link).url == link
    assert take(leoncin, "entry.updated", start + 2 * MINUTE, url=None).url == link


def test_a_retry_within_the_second_of_the_edit_does_not_bring_the_old_text_back(leoncin, start):
    take(leoncin, at=start, text="Pierwszy")
    edited = take(leoncin, "entry.updated", start, text="Drugi")
    again = take(leoncin, at=start, text="Pierwszy")
    assert (again.text, again.version) == ("Drugi", edited.version)


def test_an_author_may_go_back_to_an_earlier_text(leoncin, start):
    take(leoncin, at=start, text="Pierwszy")
    take(leoncin, "entry.updated", start + MINUTE, text="Drugi")
    assert take(leoncin, "entry.updated", start + 2 * MINUTE, text="Pierwszy").text == "Pierwszy"


# --- figures --------------------------------------------------------------------------------------


def test_figures_change_without_making_a_form_stale(leoncin, start):
    first = take(leoncin, at=start)
    figures = {"views": 99, "reactions": 9, "comments": 3}
    entry = take(leoncin, "entry.updated", start + MINUTE, figures=figures)
    assert figures_of(entry) == {"views": 99, "reactions": 9, "comments": 3, "shares": None}
    assert entry.version == first.version
    assert Revision.select().count() == 0


def test_older_figures_do_not_turn_back_newer_ones(leoncin, start):
    take(leoncin, at=start, figures={"views": 1})
    take(leoncin, "entry.updated", start + 2 * MINUTE, figures={"views": 50})
    entry = take(leoncin, "entry.updated", start + MINUTE, figures={"views": 20})
    assert figures_of(entry)["views"] == 50


def test_figures_that_are_not_told_stay(leoncin, start):
    take(leoncin, at=start, figures={"views": 7, "reactions": 3})
    entry = take(leoncin, "entry.updated", start + MINUTE, figures={"views": 8})
    assert (figures_of(entry)["views"], figures_of(entry)["reactions"]) == (8, 3)
    entry = take(leoncin, "entry.updated", start + 2 * MINUTE, figures=None)
    assert (figures_of(entry)["views"], figures_of(entry)["reactions"]) == (8, 3)


def test_unknown_figures_are_ignored(leoncin, start):
    take(leoncin, at=start)
    entry = take(leoncin, "entry.updated", start + MINUTE, figures={"state": 1, "version": 9})
    assert (entry.state, entry.version) == ("published", 1)


# --- threads --------------------------------------------------------------------------------------


def comment(group: Group, id: str, parent: str, **data) -> Entry:
    return take(group, id=id, kind="comment", parent_id=parent, **data)


def test_a_comment_hangs_on_its_post(leoncin):
    post = take(leoncin, id="p")
    assert comment(leoncin, "c", "p").parent == post


def test_a_comment_that_arrives_before_its_post_is_kept_and_joined(leoncin):
    early = comment(leoncin, "c", "p")
    assert (early.parent, early.awaited_parent) == (None, "p")
    post = take(leoncin, id="p")
    assert (fresh(early).parent, fresh(early).awaited_parent) == (post, None)


def test_a_whole_thread_may_arrive_from_its_end(leoncin):
    answer = comment(leoncin, "c2", "c1")
    first = comment(leoncin, "c1", "p")
    post = take(leoncin, id="p")
    assert fresh(answer).parent == first
    assert fresh(first).parent == post


def test_a_post_in_another_group_is_not_the_one_awaited(leoncin, elsewhere):
    early = comment(leoncin, "c", "p")
    take(elsewhere, id="p")
    assert fresh(early).parent is None


def test_a_post_has_no_parent_whatever_is_said(leoncin):
    take(leoncin, id="p")
    assert take(leoncin, id="q", kind="post", parent_id="p").parent is None


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("ids", [("c",), ("c", "d"), ("c", "d", "e")])
def test_comments_that_answer_each_other_in_a_circle_still_have_a_page(browse, leoncin, anna, ids):
    for id, parent in zip(ids, (*ids[1:], ids[0]), strict=True):
        comment(leoncin, id, parent)
    client = browse(anna)
    for entry in Entry.select():
        assert client.get(f"/entries/{entry.id}").status_code == 200


# --- reports --------------------------------------------------------------------------------------


def test_a_report_opens_its_entry_for_an_answer(leoncin):
    entry = take(leoncin)
    assert take(leoncin, "report.created") == entry
    assert fresh(entry).is_reported
    assert Report.get().reporter_name == "Jan Nowak"
    assert fresh(entry).is_published  # a report alone hides nothing


def test_a_report_again_is_one_report(leoncin):
    take(leoncin)
    take(leoncin, "report.created")
    assert outcome(leoncin, "report.created") == "unchanged"
    assert Report.select().count() == 1


def test_a_report_that_arrives_before_its_entry_is_kept_and_joined(leoncin):
    assert take(leoncin, "report.created", entry_id="p1") is None
    entry = take(leoncin, id="p1")
    assert fresh(entry).is_reported
    assert Report.get().entry == entry


def test_a_report_again_before_its_entry_is_one_report(leoncin):
    assert outcome(leoncin, "report.created") == "new"
    assert outcome(leoncin, "report.created") == "unchanged"
    take(leoncin)
    assert Report.select().count() == 1


def test_a_report_without_a_reporter_is_taken(leoncin):
    take(leoncin)
    assert fresh(take(leoncin, "report.created", reporter=None, note=None)).is_reported


def test_an_entry_waits_since_its_first_open_report(leoncin):
    take(leoncin)
    take(leoncin, "report.created", id="r1")
    since = Entry.get().reported_since
    take(leoncin, "report.created", id="r2")
    assert Entry.get().reported_since == since == Report.get(Report.external_id == "r1").created


# --- who is screened ------------------------------------------------------------------------------


def test_a_covered_profile_is_never_screened(leoncin, osp):
    entry = take(leoncin, author=author(osp), text="idiota idioci")
    assert entry.is_published
    assert (entry.whitelisted, entry.whitelist_reason) == (True, "covered")
    assert entry.hits.count() == 0


def test_a_covered_profiles_edit_is_never_screened(leoncin, osp, start):
    take(leoncin, at=start, author=author(osp))
    later = start + MINUTE
    entry = take(leoncin, "entry.updated", later, author=author(osp), text="idiota")
    assert entry.is_published
    assert entry.hits.count() == 0


def test_the_day_after_the_contract_the_same_profile_is_screened(leoncin, osp):
    contract = leoncin.contracts.get()
    # Noon in Warsaw of the contract's last day, and of the day after.
    noon = now().replace(hour=11) + (contract.ends - now().date())
    told = payload.read(event(id="last", author=author(osp), text="idiota"))
    assert receive(leoncin, told, noon).entry.is_published
    told = payload.read(event(id="after", author=author(osp), text="idiota"))
    entry = receive(leoncin, told, noon + timedelta(days=1)).entry
    assert entry.is_held
    assert entry.whitelist_reason == "no-contract"


def test_the_contract_ends_at_midnight_in_warsaw(leoncin, osp):
    midnight = starts_at(leoncin.contracts.get().ends + timedelta(days=1))
    for at, covered in ((midnight - MINUTE, True), (midnight, False)):
        told = payload.read(event(id=f"covered {covered}", author=author(osp)))
        assert receive(leoncin, told, at).entry.whitelisted is covered


def test_an_edit_after_the_contract_is_screened_too(leoncin, osp, start):
    take(leoncin, at=start, author=author(osp))
    leoncin.contracts.get().delete_instance()
    entry = take(leoncin, "entry.updated", start + MINUTE, author=author(osp), text="idiota")
    assert entry.is_held
    assert not entry.whitelisted


@pytest.mark.databases("sqlite", "postgres")
def test_screening_that_fails_holds_the_entry_and_says_so(leoncin, anna, browse, monkeypatch):
    def broken(_group_id):
        raise RuntimeError("a screener went wrong")

    monkeypatch.setattr("console.screening.verbs.screening_of", broken)
    entry = take(leoncin)
    assert entry.is_held
    assert (entry.held_by, entry.held_reason) == ("screening", "failed")
    page = browse(anna).get("/queue/held").text
    assert "Nie udało się sprawdzić" in page
    assert "nie udało się sprawdzić" in browse(anna).get(f"/entries/{entry.id}").text


def test_screening_that_fails_on_an_edit_holds_the_entry(leoncin, start, monkeypatch):
    take(leoncin, at=start)
    monkeypatch.setattr("console.screening.verbs.screening_of", lambda _: 1 / 0)
    entry = take(leoncin, "entry.updated", start + MINUTE, text="Inny tekst")
    assert entry.is_held
    assert entry.text == "Inny tekst"


def test_a_screener_on_trial_notes_and_does_not_hold(leoncin):
    Screener.delete().execute()
    verbs.save(idiot_screener("shadow"))
    entry = take(leoncin, text="Sąsiad to idiota.")
    assert entry.is_published
    assert entry.hits.get().mode == "shadow"
