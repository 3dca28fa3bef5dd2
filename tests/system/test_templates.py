"""The templates are short enough to read; and what a page for everybody may not have."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
PATHS = sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_a_template_is_short_enough_to_read(path):
    lines = (TEMPLATES / path).read_text().splitlines()
    assert len(lines) <= 120
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_a_form_says_how_it_is_sent_also_before_the_scripts_are_ready(path):
    """Else a browser sends it as a query, with its token in the address."""
    text = (TEMPLATES / path).read_text()
    forms = re.findall(r"<form\b(?:[^>{]|{[^}]*}}?)*>", text)
    for form in forms:
        assert "method=" in form, form


def test_a_page_for_everybody_has_nothing_of_who_asks_and_needs_no_script(browse):
    page = browse().get("/nowhere").text
    assert '<html lang="pl">' in page
    assert '<meta property="og:title" content="Nie udało się">' in page
    assert "csrf_token" not in page
    assert "<script" not in page
