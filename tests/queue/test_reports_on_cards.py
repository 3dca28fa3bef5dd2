"""What a card says of an entry's open reports: how many people, and their most frequent reasons."""

import pytest

from console.queue.card_rows import rows_of
from console.queue.cards import OpenReports, cards
from tests.cast import take


def report(group, number: int, who: str = "", reason: str = "hejt", of: str = "published"):
    reporter = {"id": who, "name": who.title()} if who else None
    take(group, "report.created", id=f"r{number}", entry_id=of, reason=reason, reporter=reporter)


def reports_of(*entries) -> list[OpenReports | None]:
    return [card.reports for card in cards(sorted(rows_of([entry.id for entry in entries])))]


@pytest.fixture
def shown(browse, anna, published):
    """The reports as the card in the list says them."""

    def shown() -> str:
        page = browse(anna).get("/queue/reported").text
        item = page.split('<ul class="reasons">')[1].split("</ul>")[0]
        return " ".join(item.replace("<li>", "").replace("</li>", "").split())

    return shown


def test_the_many_reports_of_one_are_one_persons(leoncin, published):
    for number in range(30):
        report(leoncin, number, "jan", "Spam")
    assert reports_of(published) == [OpenReports(30, 1, 1, (("Spam", 1),))]


def test_those_without_a_reporter_are_one_persons_altogether(leoncin, published):
    for number, who in enumerate(("", "", "jan", "jan", "ewa")):
        report(leoncin, number, who)
    assert reports_of(published) == [OpenReports(5, 3, 1, (("hejt", 3),))]


def test_who_gives_two_reasons_counts_for_each_and_is_one_person(leoncin, published):
    for number, (who, reason) in enumerate(
        [("jan", "spam"), ("jan", "hejt"), ("jan", "spam"), ("ewa", "hejt")]
    ):
        report(leoncin, number, who, reason)
    assert reports_of(published) == [OpenReports(4, 2, 2, (("hejt", 2), ("spam", 1)))]


def test_of_many_reasons_the_card_has_five_and_counts_the_others(leoncin, published, held):
    for number in range(40):
        report(leoncin, number, f"u{number}", f"powód {number}")
    report(leoncin, 40, "jan", "powód 7")
    report(leoncin, 41, "jan", of="held")
    of_published, of_held = reports_of(published, held)
    assert of_held == OpenReports(1, 1, 1, (("hejt", 1),))
    assert (of_published.total, of_published.people, of_published.distinct) == (41, 41, 40)
    first = [("powód 7", 2), *((f"powód {number}", 1) for number in range(4))]
    assert list(of_published.reasons) == first


def test_a_reason_in_other_letters_is_the_same(leoncin, published):
    for number, reason in enumerate(("Spam", "spam", "SPAM")):
        report(leoncin, number, f"u{number}", reason)
    (of_published,) = reports_of(published)
    ((reason, people),) = of_published.reasons
    assert (reason.lower(), people, of_published.distinct) == ("spam", 3, 1)


def test_an_entry_without_open_reports_has_none(published):
    assert reports_of(published) == [None]


def test_the_card_of_a_single_report_counts_no_people(leoncin, shown):
    report(leoncin, 1, "jan")
    assert shown() == "1 zgłoszenie: <bdi>hejt</bdi>"


def test_the_card_says_how_many_people_reported_and_how_many_gave_a_reason(leoncin, shown):
    for number, (who, reason) in enumerate(
        [("jan", "spam"), ("jan", "hejt"), ("ewa", "hejt"), ("ola", "hejt"), ("ola", "hejt")]
    ):
        report(leoncin, number, who, reason)
    assert shown() == "3 osoby, 5 zgłoszeń: <bdi>hejt ×3, spam</bdi>"


def test_the_card_of_thirty_reports_by_one_does_not_look_like_thirty_people(leoncin, shown):
    for number in range(30):
        report(leoncin, number, "jan", "Spam")
    assert shown() == "1 osoba, 30 zgłoszeń: <bdi>Spam</bdi>"


def test_what_the_card_leaves_out_is_counted_and_leads_to_the_entrys_page(
    leoncin, published, shown
):
    for number in range(8):
        report(leoncin, number, "jan", f"powód {number}")
    words = "<bdi>powód 0, powód 1, powód 2, powód 3, powód 4</bdi>"
    link = f'<a href="/entries/{published.id}#reports">i 3 inne powody</a>'
    assert shown() == f"1 osoba, 8 zgłoszeń: {words} {link}"


def test_sixty_reasons_make_no_heavier_page_than_six(browse, leoncin, anna, published):
    client = browse(anna)
    for number in range(6):
        report(leoncin, number, "jan", f"powód {number}: " + 900 * "x")
    few = len(client.get("/queue/reported").text)
    for number in range(6, 60):
        report(leoncin, number, "jan", f"powód {number}: " + 900 * "x")
    assert len(client.get("/queue/reported").text) <= few + 10
