"""Rounds: queues of Facebook groups that people look at, what makes them due, and who was faster."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from console.errors import Changed, Refused
from console.groups import groups
from console.outbox.connections import connection_of
from console.platforms import connections, rounds
from console.platforms.round_plans import NEVER, QUEUES, Plan, address_of, plan_of, save_plans
from console.storage import now
from models import AuditRecord, Connection, GroupAlias, Round, RoundCheck
from tests.cast import DAY, beside, fresh, on_facebook

HOUR = timedelta(hours=1)
PLANS = {queue: Plan("", plan.hours) for queue, plan in QUEUES.items()}
PENDING = "https://www.facebook.com/groups/leoncin/pending_posts/"


@pytest.fixture
def facebook(leoncin):
    return on_facebook(leoncin)


def round_of(group, queue="pending") -> Round:
    return Round.get((Round.group == group) & (Round.queue == queue))


def check(round, by, found=0, seen=None) -> bool:
    return rounds.check(round, by, found, rounds.stamp(round) if seen is None else seen)


def settle(group) -> None:
    Round.update(due=now() + DAY).where(Round.group == group).execute()


def test_a_group_on_facebook_has_a_round_for_each_queue_once(facebook, elsewhere):
    rounds.ensure()
    rounds.ensure()
    mine = Round.select(Round.queue).where(Round.group == facebook)
    assert sorted(round.queue for round in mine) == sorted(QUEUES)
    assert not Round.select().where(Round.group == elsewhere).exists()
    round_of(facebook, "spam").delete_instance()
    rounds.ensure()
    assert round_of(facebook, "spam").due <= now()


def test_a_look_is_recorded_and_the_queue_is_due_after_its_interval(facebook, anna):
    round = round_of(facebook)
    assert check(round, anna, 2)
    round = fresh(round)
    assert (round.checked_by, round.found) == (anna, 2)
    assert round.due == round.checked + HOUR
    (row,) = RoundCheck.select()
    assert (row.round, row.by, row.at, row.found) == (round, anna, round.checked, 2)


def test_the_same_form_again_records_nothing(facebook, anna):
    round = round_of(facebook)
    seen = rounds.stamp(round)
    assert check(round, anna, 1, seen)
    assert not check(round, anna, 1, seen)
    assert RoundCheck.select().count() == 1


def test_the_second_of_two_people_is_told_who_was_faster(facebook, anna, administrator):
    round = round_of(facebook)
    seen = rounds.stamp(round)
    check(round, anna, 3, seen)
    with pytest.raises(Changed, match="anna.*3"):
        check(round, administrator, 0, seen)
    assert RoundCheck.select().count() == 1


def test_a_signal_makes_a_queue_due_at_once_until_somebody_has_looked(facebook, anna):
    settle(facebook)
    at = now()
    rounds.signal(facebook, "spam", at)
    assert (round_of(facebook, "spam").signalled, round_of(facebook, "spam").due) == (at, at)
    assert round_of(facebook).signalled is None
    check(round_of(facebook, "spam"), anna)
    assert round_of(facebook, "spam").signalled is None
    assert round_of(facebook, "spam").due > now()


def test_a_signal_that_came_after_the_look_stands(facebook, anna):
    round = round_of(facebook)
    seen = rounds.stamp(round)
    at = now()
    rounds.signal(facebook, "pending", at)
    assert check(round, anna, 0, seen)
    assert fresh(round).signalled == at
    assert fresh(round).due <= at


def test_a_queue_with_no_hours_is_never_due_but_by_a_signal(facebook, anna, administrator):
    save_plans(facebook, "", PLANS | {"alerts": Plan("", 0)}, administrator)
    assert round_of(facebook, "alerts").due == NEVER
    rounds.signal(facebook, "alerts", now())
    check(round_of(facebook, "alerts"), anna)
    assert round_of(facebook, "alerts").due == NEVER


def test_other_hours_count_from_the_last_look(facebook, anna, administrator):
    check(round_of(facebook), anna)
    save_plans(facebook, "", PLANS | {"pending": Plan("", 5)}, administrator)
    round = round_of(facebook)
    assert round.due == round.checked + 5 * HOUR


def test_plans_name_the_group_and_where_its_queues_are(facebook, administrator):
    plans = PLANS | {"pending": Plan(PENDING, 1)}
    save_plans(facebook, "https://m.facebook.com/groups/Leoncin/?ref=x", plans, administrator)
    assert GroupAlias.get().name == "leoncin"
    connection = connection_of(facebook.id)
    assert address_of(connection, "pending", "leoncin") == PENDING
    own = "https://www.facebook.com/groups/leoncin/"
    assert address_of(connection, "spam", "leoncin") == own
    assert address_of(connection, "spam", "") == ""
    acts = {
        (row.act, row.by_id) for row in AuditRecord.select().where(AuditRecord.by.is_null(False))
    }
    assert acts == {("alias.added", administrator.id), ("rounds.planned", administrator.id)}
    save_plans(facebook, "leoncin", plans, administrator)
    assert AuditRecord.select().where(AuditRecord.act == "rounds.planned").count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://www.facebook.com/groups/1/",
        "https://facebook.evil/groups/1/",
        "https://www.facebook.com@evil.example/",
        "https://evil.example/ https://www.facebook.com/groups/1/",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.example",
        "https://evil.example/?https://www.facebook.com/",
        "javascript:alert(1)",
        "https:\\\\www.facebook.com\\",
    ],
)
def test_nobody_is_sent_anywhere_but_to_facebook(facebook, administrator, address):
    with pytest.raises(Refused) as refused:
        save_plans(facebook, "", PLANS | {"spam": Plan(address, 2)}, administrator)
    assert refused.value.field == "address-spam"
    assert plan_of(connection_of(facebook.id), "spam").address == ""


def test_another_groups_name_is_refused_and_nothing_saved(facebook, elsewhere, administrator):
    groups.add_alias(elsewhere, "czosnow")
    with pytest.raises(Refused, match=elsewhere.name):
        save_plans(facebook, "czosnow", PLANS | {"spam": Plan("", 9)}, administrator)
    assert plan_of(connection_of(facebook.id), "spam").hours == 2


def test_the_address_for_decisions_leaves_the_plans_alone(facebook, administrator):
    save_plans(facebook, "", PLANS | {"spam": Plan("", 9)}, administrator)
    connections.set_address(facebook, "https://platform.example/")
    connections.set_address(facebook, None)
    assert Connection.get().settings.keys() == {"rounds"}


def test_the_overdue_are_those_of_ones_own_groups_on_facebook(
    facebook, elsewhere, anna, stranger, administrator
):
    on_facebook(elsewhere)
    assert {each.group_id for each in rounds.overdue_for(anna)} == {facebook.id}
    assert {each.group_id for each in rounds.overdue_for(stranger)} == {elsewhere.id}
    assert len(rounds.overdue_for(administrator)) == 2 * len(QUEUES)
    connections.choose_platform(elsewhere, "webhook")
    assert rounds.overdue_for(stranger) == []


def test_the_most_overdue_group_stands_first_and_pages_join_up(leoncin, administrator, monkeypatch):
    monkeypatch.setattr(rounds, "PAGE", 2)
    many = [leoncin] + [
        groups.create(f"g{number}", f"Grupa {number}", leoncin.municipality) for number in range(4)
    ]
    for number, group in enumerate(many):
        on_facebook(group)
        Round.update(due=now() - number * HOUR).where(Round.group == group).execute()
    seen, after = [], None
    while True:
        page, after = rounds.stops(administrator, after)
        seen += [stop.group.id for stop in page]
        if after is None:
            break
    assert seen == [group.id for group in reversed(many)]


def test_a_round_on_the_page(browse, facebook, anna):
    groups.add_alias(facebook, "leoncin")
    client = browse(anna)
    page = client.get("/platforms/rounds").text
    assert "https://www.facebook.com/groups/leoncin/" in page
    assert "/intake/capture?group=leoncin&amp;stands=spam" in page
    pending, spam = round_of(facebook), round_of(facebook, "spam")
    form = {f"seen-{each.id}": rounds.stamp(each) for each in (pending, spam)}
    form |= {"check": f"{pending.id} {spam.id}", f"found-{pending.id}": "2"}
    for _twice in range(2):
        answer = client.submit("/platforms/rounds/leoncin", **form)
        assert answer.status_code == 303
    assert "checked=2" in answer.location
    assert "2 kolejki" in client.get(answer.location).text
    assert RoundCheck.select().count() == 2
    assert (fresh(pending).found, fresh(spam).found) == (2, 0)
    privacy = round_of(facebook, "privacy")
    seen = {f"seen-{privacy.id}": rounds.stamp(privacy)}
    client.submit("/platforms/rounds/leoncin", changed=f"{privacy.id}", **seen)
    assert fresh(privacy).found == 1


def test_who_came_second_reads_who_was_first(browse, facebook, anna, administrator):
    round = round_of(facebook)
    seen = rounds.stamp(round)
    check(round, administrator, 4)
    form = {f"seen-{round.id}": seen, "check": f"{round.id}", f"found-{round.id}": "1"}
    answer = browse(anna).submit("/platforms/rounds/leoncin", **form)
    assert answer.status_code == 409
    assert "administrator" in answer.text
    assert fresh(round).found == 4


@pytest.mark.parametrize("found", ["", "-1", "10000", "x", "1.5"])
def test_what_is_no_number_is_refused_in_words(browse, facebook, anna, found):
    round = round_of(facebook)
    form = {f"seen-{round.id}": rounds.stamp(round), f"found-{round.id}": found}
    answer = browse(anna).submit("/platforms/rounds/leoncin", check=f"{round.id}", **form)
    assert answer.status_code == 400
    assert "od 0 do 9999" in answer.text
    assert not RoundCheck.select().exists()


def test_an_outsider_finds_nothing(browse, facebook, elsewhere, stranger, anna):
    on_facebook(elsewhere)
    theirs, mine = round_of(elsewhere), round_of(facebook)
    form = {"check": f"{mine.id}", f"seen-{mine.id}": rounds.stamp(mine)}
    assert browse(stranger).submit("/platforms/rounds/leoncin", **form).status_code == 404
    form = {"check": f"{theirs.id}", f"seen-{theirs.id}": rounds.stamp(theirs)}
    client = browse(anna)
    assert client.submit("/platforms/rounds/leoncin", **form).status_code == 404
    assert client.submit("/platforms/rounds/leoncin").status_code == 404
    assert client.get("/platforms/rounds/leoncin").status_code == 405
    assert client.get("/platforms/groups/leoncin").status_code == 404
    assert client.submit("/platforms/groups/leoncin", group="1").status_code == 404
    assert not RoundCheck.select().exists()
    assert "Czosnów" not in client.get("/platforms/rounds").text


def test_overdue_rounds_stand_where_people_land_and_in_the_menu(browse, facebook, anna):
    client = browse(anna)
    landed = client.get("/", follow_redirects=True).text
    assert "Obchód: 6 kolejek" in landed
    assert '<b class="count">6</b>' in client.get("/people/account").text
    settle(facebook)
    assert "Obchód: " not in client.get("/queue/held").text
    Round.update(due=now()).where(Round.queue == "spam").execute()
    assert "Obchód: 1 kolejka" in client.get("/queue/held").text


def test_more_than_can_be_walked_through_is_not_counted_to_the_end(browse, leoncin, administrator):
    for number in range(17):
        on_facebook(groups.create(f"g{number}", f"Grupa {number}", leoncin.municipality))
    page = browse(administrator).get("/queue/held").text
    assert "Obchód: ponad 99 kolejek" in page
    assert '<b class="count">99+</b>' in page


def test_an_administrator_says_where_the_queues_are(browse, leoncin, administrator):
    client = browse(administrator)
    path = "/platforms/groups/leoncin"
    assert "facebook-group" in client.get(path).text  # what to do first
    on_facebook(leoncin)
    form = {f"hours-{queue}": f"{plan.hours}" for queue, plan in PLANS.items()}
    form |= {f"address-{queue}": "" for queue in PLANS}
    answer = client.submit(path, **form | {"group": "1234", "address-pending": PENDING})
    assert answer.status_code == 303
    assert PENDING in client.get(path).text
    assert PENDING in client.get("/platforms/rounds").text
    answer = client.submit(path, **form | {"group": "?"})
    assert answer.status_code == 400
    assert beside(answer, "group")
    answer = client.submit(path, **form | {"hours-spam": "999"})
    assert beside(answer, "hours-spam")
    answer = client.submit(path, **form | {"address-spam": "https://evil.example/"})
    assert beside(answer, "address-spam")


def test_the_page_asks_the_same_of_few_groups_and_of_many(browse, leoncin, administrator):
    def queries() -> int:
        with count_queries() as counted:
            assert client.get("/platforms/rounds").status_code == 200
        return counted.count

    client = browse(administrator)
    on_facebook(leoncin)
    few = queries()
    for number in range(30):
        group = groups.create(f"g{number}", f"Grupa {number}", leoncin.municipality)
        on_facebook(group)
    assert queries() == few <= 13
    assert client.get("/platforms/rounds").text.count('class="panel stop"') == rounds.PAGE
