"""Facebook's mails as signals: the queue is due at once, a unit's new post an entry to be completed."""

import pytest

from console.errors import Refused
from console.groups import groups
from console.intake import completing
from console.platforms import mail_signals
from console.storage import now
from console.text.facebook_mail import read
from models import Completion, Entry, MailSignal, Profile, Round, Unit
from tests.cast import DAY, beside, on_facebook, take
from tests.text.test_facebook_mail import GROUP, POST, mail

NEW = "OSP Leoncin opublikował post w grupie Leoncin – forum"
PENDING = "2 posty oczekują na zatwierdzenie w grupie {}"


@pytest.fixture
def facebook(leoncin):
    groups.add_alias(on_facebook(leoncin), "leoncin")
    Round.update(due=now() + DAY).execute()
    return leoncin


def taken(*said, **more) -> bool:
    return mail_signals.take(read(mail(*said, **more)), now())


def due() -> list[tuple[str, str]]:
    """Which queues are due, and by a signal."""
    rows = Round.select().where(Round.due <= now(), Round.signalled.is_null(False))
    return [(row.group.slug, row.queue) for row in rows.order_by(Round.id)]


@pytest.mark.parametrize(
    ("subject", "text", "queue"),
    [
        ("2 posts are pending", GROUP, "pending"),
        (PENDING.format("Leoncin – forum"), "", "pending"),
        ("Zgłoszono post w LEONCIN — FORUM", "", "reported"),
        ("Potencjalny spam", GROUP, "spam"),
    ],
)
def test_the_group_is_known_by_a_link_or_by_its_name(facebook, subject, text, queue):
    assert taken(subject, text)
    assert due() == [("leoncin", queue)]
    assert MailSignal.get().group == facebook


def test_the_same_mail_counts_once(facebook, anna):
    assert taken("2 posts are pending", GROUP)
    Round.update(due=now() + DAY, signalled=None).execute()
    assert not taken("2 posts are pending", GROUP)
    assert due() == []
    assert MailSignal.select().count() == 1


def test_of_two_names_the_longer_counts_and_part_of_a_word_does_not(facebook, elsewhere):
    on_facebook(elsewhere)
    elsewhere.name = "Leoncin – forum rodziców"
    elsewhere.save()
    Round.update(due=now() + DAY).execute()
    taken(PENDING.format("Leoncin – forum rodziców"))
    assert due() == [("czosnow", "pending")]
    elsewhere.name = "Leo"
    elsewhere.save()
    mail_signals.take(read(mail("Spam w Leoncinie").replace(b"<1@", b"<2@")), now())
    assert due() == [("czosnow", "pending")]


def test_who_only_looks_like_facebook_changes_nothing(facebook):
    assert not taken("2 posts are pending", GROUP, sender="n@facebookmail.com.evil.example")
    assert due() == []
    assert not MailSignal.select().exists()


def test_a_mail_about_no_known_group_is_kept_for_administrators(
    browse, facebook, anna, administrator
):
    assert taken("<b>3 posty</b> oczekują", "https://www.facebook.com/groups/other/")
    assert due() == []
    assert mail_signals.unrecognized(now()) == (1, ["<b>3 posty</b> oczekują"])
    page = browse(administrator).get("/platforms/rounds").text
    assert "1 mail z Facebooka bez rozpoznanej grupy" in page
    assert "&lt;b&gt;3 posty" in page
    assert "rozpoznanej" not in browse(anna).get("/platforms/rounds").text
    assert mail_signals.unrecognized(now() + 8 * DAY) == (0, [])
    mail_signals.prune(now() + 29 * DAY)
    assert MailSignal.select().exists()
    mail_signals.prune(now() + 31 * DAY)
    assert not MailSignal.select().exists()


def test_a_group_elsewhere_has_no_round_to_signal(leoncin):
    groups.add_alias(leoncin, "leoncin")
    assert taken("2 posts are pending", GROUP)
    assert mail_signals.unrecognized(now())[0] == 1


def test_a_units_new_post_becomes_an_entry_to_be_completed(facebook, osp):
    assert taken(NEW, POST)
    entry = Entry.get()
    assert (entry.profile, entry.url, entry.whitelisted) == (osp, POST, True)
    assert entry.text == f"Z maila od Facebooka, do uzupełnienia: {NEW}"
    assert entry.captured_by is None


@pytest.mark.parametrize("why", ["resident", "unit", "profile", "known", "pending"])
def test_nothing_else_becomes_an_entry(facebook, osp, why):
    subject, number = NEW, 0
    match why:
        case "resident":
            subject = NEW.replace("OSP Leoncin", "Jan Nowak", 1)
        case "unit":
            Unit.update(active=False).execute()
        case "profile":
            Profile.update(active=False).execute()
        case "known":
            take(facebook, url=POST)
            number = 1
        case "pending":
            subject = "OSP Leoncin chce opublikować post w grupie Leoncin – forum: oczekuje"
    assert taken(subject, POST)
    assert Entry.select().count() == number
    assert due() == [("leoncin", "pending")]


def test_what_is_pasted_makes_a_queue_due_and_may_be_pasted_again(browse, facebook, osp, anna):
    client = browse(anna)
    for _twice in range(2):
        answer = client.submit("/platforms/mail", text=f"Temat: {NEW}\n\n{POST}")
        assert answer.status_code == 303
        assert "„Oczekujące” w grupie Leoncin" in client.get(answer.location).text
    assert due() == [("leoncin", "pending")]
    assert Entry.get().captured_by == anna
    assert "sygnał z poczty" in client.get("/platforms/rounds").text


def test_what_is_pasted_about_an_unknown_group_is_refused_and_stays(browse, facebook, stranger):
    on_facebook(stranger.seats.get().group)
    answer = browse(stranger).submit("/platforms/mail", text=f"2 posty oczekują {GROUP}")
    assert answer.status_code == 400
    assert beside(answer, "text")
    assert f"2 posty oczekują {GROUP}" in answer.text
    assert due() == []
    with pytest.raises(Refused):
        mail_signals.paste("", stranger)
    assert browse(stranger).get("/platforms/mail").status_code == 405


def test_its_words_are_completed_when_somebody_pastes_the_post(facebook, osp, anna):
    """The mail's own words are no text of the unit's: they give way, once."""
    assert taken(NEW, POST)
    entry = Entry.get()
    assert completing.missing(entry) == [Completion.TEXT]
    completing.set_text(entry, anna, "Zapraszamy na festyn.")
    entry = Entry.get()
    assert entry.text == "Zapraszamy na festyn."
    assert completing.missing(entry) == []
    with pytest.raises(Refused):
        completing.set_text(entry, anna, "Inny tekst.")
