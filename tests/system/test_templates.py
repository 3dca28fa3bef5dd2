"""The templates are short enough to read; and what a page for everybody may not have."""

from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
PATHS = sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_a_template_is_short_enough_to_read(path):
    lines = (TEMPLATES / path).read_text().splitlines()
    assert len(lines) <= 120
    assert max(map(len, lines)) <= 120


def test_a_page_for_everybody_has_nothing_of_who_asks_and_needs_no_script(browse):
    page = browse().get("/nowhere").text
    assert '<html lang="pl">' in page
    assert '<meta property="og:title" content="Nie udało się">' in page
    assert "csrf_token" not in page
    assert "<script" not in page
