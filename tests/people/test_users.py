import pytest

from console.errors import Refused
from console.people import users
from models import AuditRecord, Group, Seat, User
from tests.cast import PASSWORD, beside, fresh, link_in, user

NEW = "quiet lantern seldom swims"


def seats(of: User) -> set[str]:
    groups = Group.select().join(Seat).where(Seat.user == of)
    return {group.slug for group in groups}


@pytest.mark.databases("sqlite", "postgres")
def test_an_administrator_adds_a_moderator_with_seats(browse, administrator, leoncin, elsewhere):
    answer = browse(administrator).submit(
        "/people/users", name="ola", role="moderator", group=[leoncin.id]
    )
    assert answer.status_code == 200
    ola = User.get(User.name == "ola")
    assert (ola.role, ola.active, ola.demo) == (User.MODERATOR, True, False)
    assert seats(ola) == {"leoncin"}
    client = browse()
    assert client.submit(link_in(answer.text), password=NEW).status_code == 303
    assert client.get("/queue/held?group=leoncin").status_code == 200


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 81},
        {"name": "administrator"},
        {"name": "o\u200bla"},
        {"role": "emperor"},
        {"role": ""},
    ],
    ids=lambda wrong: ascii(wrong)[:40],
)
def test_a_user_that_cannot_be_is_refused_with_a_reason(browse, administrator, wrong):
    form = {"name": "ola", "role": "moderator"} | wrong
    answer = browse(administrator).submit("/people/users", **form)
    assert answer.status_code == 400
    assert beside(answer, *wrong)
    assert User.select().count() == 1


@pytest.mark.parametrize(
    "name",
    [
        "ANNA",
        " anna ",
        "ａnna",
        "screening",
        "Platform",
        "author",
        "Automat",
        "autor,  na platformie",
    ],
)
def test_a_name_that_a_trail_could_take_for_another_is_refused(app, anna, name):
    with pytest.raises(Refused) as refused:
        users.add(name, PASSWORD)
    assert refused.value.field == "name"
    assert User.select().count() == 1


def test_a_name_that_cannot_be_seen_is_refused(app):
    with pytest.raises(Refused):
        users.add("\u3164\u115f", PASSWORD)


def test_nul_in_a_users_name_is_refused(browse, administrator):
    form = {"name": "o\0la", "role": "moderator"}
    assert browse(administrator).submit("/people/users", **form).status_code == 400
    assert User.select().count() == 1


def test_a_refused_new_user_is_shown_as_typed(browse, administrator, leoncin):
    typed = {"name": "ola" * 30, "role": "administrator", "group": [leoncin.id]}
    page = browse(administrator).submit("/people/users", **typed).text
    assert f'value="{"ola" * 30}"' in page
    assert '<option selected value="administrator">' in page
    assert page.count(" checked") == 1


def test_a_users_name_is_shown_as_text(browse, administrator):
    name = "<script>alert(1)</script>"
    client = browse(administrator)
    client.submit("/people/users", name=name, role="moderator")
    page = client.get("/people/users").text
    assert name not in page
    assert "&lt;script&gt;" in page


def test_the_page_shows_every_user_and_their_seats(browse, administrator, anna):
    page = browse(administrator).get("/people/users").text
    for name in ("administrator", "anna"):
        assert f"<h2>\n{name}\n" in page
    assert page.count(" checked") == 1


@pytest.mark.databases("sqlite", "postgres")
def test_an_administrator_changes_seats(browse, administrator, anna, elsewhere):
    client = browse(administrator)
    path = f"/people/users/{anna.id}"
    assert client.submit(path, change="seats", group=[elsewhere.id]).status_code == 303
    assert seats(anna) == {"czosnow"}
    client.submit(path, change="seats")
    assert seats(anna) == set()


@pytest.mark.databases("sqlite", "postgres")
@pytest.mark.parametrize("id", ["x", "-1", "0", "999999", "9" * 30, "9" * 5000, "²"])
def test_a_seat_in_a_group_that_is_none_is_not_given(browse, administrator, anna, id):
    path = f"/people/users/{anna.id}"
    answer = browse(administrator).submit(path, change="seats", group=[id])
    assert answer.status_code in (303, 400)
    assert not seats(anna) - {"leoncin"}


@pytest.mark.databases("sqlite", "postgres")
def test_an_administrator_deactivates_and_reactivates(browse, administrator, anna):
    client, path = browse(administrator), f"/people/users/{anna.id}"
    assert client.submit(path, change="deactivate").status_code == 303
    assert not fresh(anna).active
    assert client.submit(path, change="reactivate").status_code == 303
    assert fresh(anna).active
    assert browse(anna).get("/queue/held").status_code == 200


@pytest.mark.databases("sqlite", "postgres")
def test_an_administrator_changes_a_role_and_it_counts_at_once(browse, administrator, anna):
    hers, boss = browse(anna), browse(administrator)
    path = f"/people/users/{anna.id}"
    assert hers.get("/people/users").status_code == 404
    assert boss.submit(path, change="administrator").status_code == 303
    assert hers.get("/people/users").status_code == 200  # the session goes on
    assert boss.submit(path, change="moderator").status_code == 303
    assert hers.get("/people/users").status_code == 404
    assert seats(anna) == {"leoncin"}
    rows = AuditRecord.select().where(AuditRecord.act == "user.role")
    acts = [(row.by, row.act, row.subject, row.detail) for row in rows.order_by(AuditRecord.id)]
    assert acts == [
        (administrator, "user.role", "anna", "administrator"),
        (administrator, "user.role", "anna", "moderator"),
    ]


def test_the_last_administrator_stays_one(browse, administrator, anna):
    client, path = browse(administrator), f"/people/users/{administrator.id}"
    answer = client.submit(path, change="moderator")
    assert answer.status_code == 400
    assert "To ostatni aktywny administrator" in answer.text
    assert fresh(administrator).is_administrator
    client.submit(f"/people/users/{anna.id}", change="administrator")
    assert client.submit(path, change="moderator").status_code == 303
    assert client.get("/people/users").status_code == 404


def test_a_role_that_is_none_is_refused(anna):
    with pytest.raises(Refused):
        users.change_role(None, anna, "emperor")
    assert fresh(anna).role == User.MODERATOR


def test_an_unknown_change_is_not_found(browse, administrator, anna):
    path = f"/people/users/{anna.id}"
    assert browse(administrator).submit(path, change="promote").status_code == 404
    assert browse(administrator).submit(path).status_code == 404


@pytest.mark.databases("sqlite", "postgres")
def test_the_last_administrator_cannot_be_deactivated(browse, administrator, anna):
    path = f"/people/users/{administrator.id}"
    answer = browse(administrator).submit(path, change="deactivate")
    assert answer.status_code == 400
    assert fresh(administrator).active


def test_one_of_two_administrators_can_be_deactivated_and_then_the_other_cannot(administrator):
    second = user("second", User.ADMINISTRATOR)
    users.deactivate(administrator)
    with pytest.raises(Refused):
        users.deactivate(second)
    assert fresh(second).active


def test_a_demonstration_account_with_a_new_password_is_none_any_more(administrator):
    demo = users.add("demo", "demo", demo=True)
    assert fresh(demo).demo
    users.change_password(demo, NEW)
    assert not fresh(demo).demo


@pytest.mark.parametrize("name", ["Anna", "ANNA", "screening", "Platform"])
def test_a_name_that_reads_like_anothers_or_an_automatons_is_refused(anna, name):
    with pytest.raises(Refused):
        users.add(name, PASSWORD)
