"""What a page for everybody may not have."""


def test_a_page_for_everybody_has_nothing_of_who_asks_and_needs_no_script(browse):
    page = browse().get("/nowhere").text
    assert '<html lang="pl">' in page
    assert '<meta property="og:title" content="Nie udało się">' in page
    assert "csrf_token" not in page
    assert "<script" not in page
