"""The audit trail's page, for administrators."""

import re

import pytest
from playhouse.test_utils import count_queries

from console import audit
from console.insight.audit import PAGE
from console.people import users
from console.storage import db
from models import AuditRecord
from tests.cast import PASSWORD

PATH = "/insight/audit"


@pytest.fixture
def scene(leoncin, anna, administrator):
    AuditRecord.delete().execute()
    users.change_password(anna, PASSWORD)
    users.deactivate(anna, by=administrator)
    users.reactivate(anna, by=administrator)
    users.add("<b>ola</b>", PASSWORD, by=anna)


@pytest.fixture
def shown(browse, administrator):
    client = browse(administrator)

    def shown(**criteria) -> list[str]:
        """The lines that the filters leave, newest first, as they are read."""
        answer = client.get(PATH, query_string=criteria)
        assert answer.status_code == 200
        lines = re.findall(r"<li>\s*<time.*?</time>(.*?)</li>", answer.text, re.S)
        return [" ".join(re.sub("<.*?>", "", line).split()) for line in lines]

    return shown


ALL = [
    "anna: dodano użytkownika &lt;b&gt;ola&lt;/b&gt; moderator",
    "administrator: włączono z powrotem konto użytkownika anna moderator",
    "administrator: wyłączono konto użytkownika anna",
    "polecenie na serwerze: ustawiono nowe hasło użytkownika anna",
]


def test_all_acts_are_listed_newest_first_in_words(scene, shown):
    assert shown() == ALL


@pytest.mark.databases("sqlite", "postgres")
def test_they_are_filtered_by_person_and_act(scene, shown, administrator, anna):
    assert shown(person=str(administrator.id)) == ALL[1:3]
    assert shown(person="command") == ALL[3:]
    assert shown(act="user.added") == ALL[:1]
    assert shown(person=str(anna.id), act="user.added") == ALL[:1]
    for wrong in ({"person": "nobody"}, {"person": "9" * 30}, {"act": "user.eaten"}):
        assert shown(**wrong) == []


def test_where_nothing_fits_or_nothing_was_changed_that_is_said(scene, browse, administrator):
    client = browse(administrator)
    assert "Żadna zmiana nie pasuje" in client.get(f"{PATH}?act=user.eaten").text
    AuditRecord.delete().execute()
    assert "Nikt niczego jeszcze nie zmienił" in client.get(PATH).text


@pytest.mark.databases("sqlite", "postgres")
def test_pages_follow_on_one_another_and_keep_the_filter(scene, browse, administrator):
    with db.atomic():
        for number in range(PAGE + 5):
            audit.record(administrator, "rule.added", f"nr{number}.")
    client = browse(administrator)
    first = client.get(f"{PATH}?act=rule.added").text
    (way,) = re.findall(r'rel="next" href="([^"]*)"', first)
    second = client.get(way.replace("&amp;", "&")).text
    numbers = [int(number) for page in (first, second) for number in re.findall(r"nr(\d+)\.", page)]
    assert numbers == list(range(PAGE + 4, -1, -1))
    assert len(re.findall(r"nr\d+\.", first)) == PAGE
    assert 'rel="next"' not in second


def test_it_asks_as_much_for_many_as_for_few(scene, browse, administrator):
    client = browse(administrator)

    def queries() -> int:
        with count_queries() as counted:
            assert client.get(PATH).status_code == 200
        return counted.count

    few = queries()
    with db.atomic():
        for _number in range(PAGE):
            audit.record(administrator, "rule.added", "Psy")
    assert queries() == few


def test_what_an_older_console_recorded_is_shown_all_the_same(scene, shown):
    AuditRecord.update(act="user.eaten").where(AuditRecord.act == "user.added").execute()
    assert shown()[0] == "anna: user.eaten: &lt;b&gt;ola&lt;/b&gt; moderator"


def test_it_is_there_for_administrators_alone(browse, administrator, anna):
    assert f'href="{PATH}"' in browse(administrator).get("/people/account").text
    client = browse(anna)
    assert f'href="{PATH}"' not in client.get("/people/account").text
    assert client.get(PATH).status_code == 404
    assert browse().get(PATH).status_code == 303
    assert browse(administrator).post(PATH).status_code in {400, 405, 419}
