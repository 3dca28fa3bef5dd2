"""flask link"""

import json

import pytest

WWW = "https://www.facebook.com/"


@pytest.fixture
def link(app):
    def link(url: str) -> dict:
        result = app.test_cli_runner().invoke(args=["link", url])
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    return link


@pytest.mark.databases("sqlite")
def test_a_link_is_shown_as_json(link):
    assert link("m.facebook.com/groups/Leoncin/permalink/77?comment_id=88") == {
        "platform": "facebook",
        "kind": "comment",
        "group": "leoncin",
        "post": "77",
        "comment": "88",
        "canonical": WWW + "groups/leoncin/posts/77/?comment_id=88",
        "opaque": False,
    }


@pytest.mark.databases("sqlite")
def test_what_only_opening_would_show_is_opaque(link):
    shown = link(WWW + "share/p/1AbC/")
    assert (shown["kind"], shown["opaque"]) == ("share", True)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "https://facebook.evil/groups/1", "\udcff"]
)
def test_what_is_not_facebooks_has_no_platform(link, url):
    shown = link(url)
    assert shown.pop("opaque") is False
    assert set(shown.values()) == {None}
