"""The language: a user's is kept with the user, a stranger's in the browser."""

import pytest

from models import User
from tests.cast import PASSWORD, beside, fresh

SIGN_IN, LANGUAGE = "/people/sign-in", "/people/language"


def language_of(page) -> str:
    return page.text.split('<html lang="')[1].split('"')[0]


@pytest.fixture
def english(browse):
    """A stranger's browser that has chosen English."""
    client = browse()
    assert client.submit(LANGUAGE, language="en", back=SIGN_IN).status_code == 303
    return client


def test_a_form_says_what_is_wrong_in_the_language_of_the_reader(english, browse):
    for client, message in ((english, "This field is required."), (browse(), "To pole jest")):
        assert beside(client.submit(SIGN_IN, name="anna"), "password").startswith(message)


# --- a user ---------------------------------------------------------------------------------------


def test_the_console_is_polish_until_a_user_chooses_english(browse, anna):
    client = browse(anna)
    assert language_of(client.get("/queue/held")) == "pl"
    answer = client.submit(LANGUAGE, language="en", back="/people/account")
    assert (answer.status_code, answer.location) == (303, "/people/account")
    page = client.get("/queue/held")
    assert language_of(page) == "en"
    assert "Sign out" in page.text
    # The choice is the user's: it is kept for the next session, and touches nobody else.
    assert language_of(browse(anna).get("/queue/held")) == "en"
    assert language_of(browse().get(SIGN_IN)) == "pl"


def test_an_unknown_language_changes_nothing(browse, anna):
    answer = browse(anna).submit(LANGUAGE, language="xx")
    assert answer.status_code == 303
    assert User.get_by_id(anna.id).language == "pl"


def test_a_users_own_language_is_also_that_of_addresses_that_do_not_exist(browse, anna):
    client = browse(anna)
    client.submit(LANGUAGE, language="en")
    assert language_of(client.get("/nowhere")) == "en"


# --- a stranger -----------------------------------------------------------------------------------


def test_the_sign_in_page_offers_both_languages(browse):
    page = browse().get(SIGN_IN).text
    assert f'action="{LANGUAGE}"' in page
    assert (
        '<button name="language" value="pl" lang="pl" aria-pressed="true">Polski</button>' in page
    )
    assert '<button name="language" value="en" lang="en">English</button>' in page


def test_a_stranger_chooses_a_language_and_stays_where_they_were(browse, held):
    client = browse()
    asked = client.get(f"/entries/{held.id}").location
    back = client.get(asked).text.split('name="back" value="')[1].split('"')[0]
    for _time in range(2):
        answer = client.submit(LANGUAGE, language="en", back=back)
        assert (answer.status_code, answer.location) == (303, back)
    page = client.get(back)
    assert language_of(page) == "en"
    assert "User name" in page.text
    assert f'name="next" value="/entries/{held.id}"' in page.text
    assert language_of(browse().get(SIGN_IN)) == "pl"  # another browser


def test_a_stranger_can_go_back_to_polish(english):
    english.submit(LANGUAGE, language="pl")
    assert language_of(english.get(SIGN_IN)) == "pl"


@pytest.mark.parametrize("nonsense", ["", "xx", "EN", "../pl", "en\n", "e" * 5000])
def test_nonsense_for_a_language_changes_nothing(english, nonsense):
    assert english.submit(LANGUAGE, language=nonsense).status_code == 303
    assert language_of(english.get(SIGN_IN)) == "en"


def test_a_form_without_a_language_changes_nothing(english):
    assert english.submit(LANGUAGE).status_code == 303
    assert language_of(english.get(SIGN_IN)) == "en"


def test_a_stranger_needs_the_token_of_their_own_session(browse):
    client = browse()
    assert client.post(LANGUAGE, data={"language": "en"}).status_code == 419
    assert language_of(client.get(SIGN_IN)) == "pl"


def test_a_language_is_not_chosen_by_following_a_link(browse, anna):
    for client in (browse(), browse(anna)):
        assert client.get(LANGUAGE, query_string={"language": "en"}).status_code == 405
        assert language_of(client.get(SIGN_IN)) == "pl"


@pytest.mark.parametrize("who", ["a user", "a stranger"])
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "evil",
        "",
    ],
)
def test_choosing_a_language_never_leads_to_another_host(browse, anna, who, target):
    client = browse(anna if who == "a user" else None)
    answer = client.submit(LANGUAGE, language="en", back=target)
    assert (answer.status_code, answer.location) == (303, "/")


def test_strangers_read_errors_in_their_language(english, browse, anna):
    wrong = english.submit(SIGN_IN, name="anna", password="wrong password")
    assert "Wrong user name or password." in wrong.text
    assert "There is nothing here" in english.get("/nowhere").text
    assert "The request could not" in english.get("/%00").text
    assert "The form was open for too long" in english.post(SIGN_IN).text
    ended = english.get("/queue/held", headers={"HX-Request": "true"})
    assert "You have been signed out." in ended.text


def test_a_user_gets_their_own_language_and_the_browser_keeps_its(english, anna):
    assert english.submit(SIGN_IN, name="anna", password=PASSWORD).status_code == 303
    assert language_of(english.get("/queue/held")) == "pl"
    assert fresh(anna).language == "pl"
    english.submit("/people/sign-out")
    assert language_of(english.get(SIGN_IN)) == "en"
