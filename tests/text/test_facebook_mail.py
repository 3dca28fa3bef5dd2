"""Mails from Facebook, in forms of our own invention, and mails that mean harm."""

import base64
import quopri
import time
from email.message import EmailMessage

import pytest

from console.text.facebook_mail import MOST, read, read_pasted

GROUP = "https://www.facebook.com/groups/leoncin/"
POST = "https://www.facebook.com/groups/leoncin/posts/77/"


def mail(subject, text="", html="", sender="Facebook <notification@facebookmail.com>") -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = sender, subject, "<1@facebook.com>"
    made.set_content(text or "–")
    if html:
        made.add_alternative(html, subtype="html")
    return made.as_bytes()


def raw(head: str, body: bytes) -> bytes:
    lines = "From: n@facebookmail.com\nMIME-Version: 1.0\n" + head
    return lines.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


POLISH = "Anna Łąka opublikowała post w grupie Leoncin – forum"
MAILS = {
    # name: (mail, queue, is new, author, group, link)
    "pending, Polish": (
        mail("1 post oczekuje na zatwierdzenie w grupie Leoncin – forum", GROUP),
        ("pending", False, "", "leoncin", ""),
    ),
    "pending, English, its link wrapped": (
        mail(
            "3 posts are pending approval in Leoncin – forum",
            html='<a href="https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.facebook.com%2F'
            'groups%2FLeoncin%2Fpending_posts&amp;h=x">Review</a>',
        ),
        ("pending", False, "", "leoncin", ""),
    ),
    "wants to post": (
        mail("Jan Nowak wants to post in Leoncin – forum", GROUP),
        ("pending", False, "Jan Nowak", "leoncin", ""),
    ),
    "reported, Polish": (
        mail("Członek grupy zgłosił post w grupie Leoncin – forum", POST),
        ("reported", False, "", "leoncin", POST),
    ),
    "reported, English": (
        mail("A member reported a comment in Leoncin – forum", POST),
        ("reported", False, "", "leoncin", POST),
    ),
    "spam": (
        mail("Potencjalny spam w grupie Leoncin – forum: 2 posty", GROUP),
        ("spam", False, "", "leoncin", ""),
    ),
    "alert": (
        mail("Nowy alert moderacyjny w grupie Leoncin – forum", GROUP),
        ("alerts", False, "", "leoncin", ""),
    ),
    "reported by Facebook itself": (
        mail("Post został automatycznie zgłoszony w Leoncin – forum", GROUP),
        ("auto-reported", False, "", "leoncin", ""),
    ),
    "privacy": (
        mail("Zmieniono ustawienia prywatności grupy Leoncin – forum", GROUP),
        ("privacy", False, "", "leoncin", ""),
    ),
    "a new post, Polish, HTML alone": (
        raw(
            "Subject: =?utf-8?b?" + base64.b64encode(POLISH.encode()).decode() + "?=\n"
            "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64",
            base64.encodebytes(
                f'<style>a{{}}</style><a href="{POST}?__tn__=x">Zobacz</a>'.encode()
            ),
        ),
        ("pending", True, "Anna Łąka", "leoncin", POST),
    ),
    "a new post, English, quoted-printable in an old charset": (
        raw(
            "Subject: =?iso-8859-2?q?OSP_=A3=F3d=BC_posted_in_Leoncin?=\n"
            "Content-Type: text/plain; charset=iso-8859-2\n"
            "Content-Transfer-Encoding: quoted-printable",
            quopri.encodestring(f"Łódź\n{POST}".encode("iso-8859-2")),
        ),
        ("pending", True, "OSP Łódź", "leoncin", POST),
    ),
    "forwarded by an administrator": (
        mail(
            "Fwd: OSP Leoncin dodał post w grupie Leoncin – forum",
            f"----- Przekazana wiadomość -----\nOd: <groups@facebookmail.com>\n\n{POST}",
            sender="anna@example.org",
        ),
        ("pending", True, "OSP Leoncin", "leoncin", POST),
    ),
    "only the text names the queue": (
        mail("Leoncin – forum", f"Masz posty oczekujące. {GROUP}"),
        ("pending", False, "", "leoncin", ""),
    ),
    "no link": (mail("Nowy alert w grupie"), ("alerts", False, "", None, "")),
}


@pytest.mark.parametrize(("given", "said"), MAILS.values(), ids=MAILS)
def test_what_a_mail_seems_to_say(given, said):
    seen = read(given)
    assert (seen.queue, seen.is_new, seen.author, seen.group, seen.link) == said
    assert seen.is_facebooks


@pytest.mark.parametrize(
    "sender",
    [
        "Facebook <notification@facebookmail.com.evil.example>",
        "n@facebookmail.evil",
        "n@xfacebookmail.com",
        '"notification@facebookmail.com" <n@evil.example>',
        "n@evil.example (n@facebookmail.com)",
        "n@fаcebookmail.com",  # its second letter is Cyrillic
        "",
        "@",
    ],
)
def test_who_only_looks_like_facebook_is_not(sender):
    head = f"From: {sender}\nSubject: 1 post is pending\n\n{GROUP}"
    assert not read(head.encode()).is_facebooks
    assert not read(head.partition("\n")[2].encode()).is_facebooks  # with no From


HOSTILE = {
    "nothing": b"",
    "no parts": b"Content-Type: multipart/mixed; boundary=x\r\nSubject: a\r\n\r\n",
    "no boundary": b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\ntext",
    "a charset that nobody knows": b"Content-Type: text/plain; charset=x\r\n\r\n\xff\xfe",
    "a charset in a charset": b"Content-Type: text/plain; charset*=a'b'%ff\r\n\r\na",
    "a broken word": b"Subject: =?utf-8?b?a?= =?x?q?=ff?= =?utf-8?b?====?=\r\n\r\n",
    "broken base64": b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n%%a",
    "a slow charset": b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a-bcd" * 90_000,
    "half a character": b"Subject: =?utf-7?q?a+2AA-?=\r\n\r\n",
    "NUL": b"Subject: a\x00b\r\n\r\n\x00",
    "no mail": bytes(range(256)) * 10,
    "parts in parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(7000)
    ),
    "markup that never ends": b"Content-Type: text/html\r\n\r\n" + b"<a href='" * 50_000,
    "many comments": b"Content-Type: text/html\r\n\r\n" + b"<!--" * 100_000,
    "many links": b"Content-Type: text/html\r\n\r\n" + b"<a href=x>" * 50_000,
    "a long address": b"From: " + b"a@" * 100_000 + b"\r\n\r\n" + b"a." * 100_000,
    "a name without an end": b"Subject: " + b"a " * 100_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("given", HOSTILE.values(), ids=HOSTILE)
def test_any_bytes_are_read(given):
    start = time.process_time()
    seen = read(given)
    assert seen.group is None
    seen.subject.encode()  # no database takes half a character
    assert time.process_time() - start < 2


def test_of_a_header_of_100_mb_only_the_beginning_is_looked_at():
    start = time.process_time()
    seen = read(b"Subject: " + b"a" * 100 * 1024 * 1024)
    assert len(seen.subject) <= 300
    assert len(seen.text) <= MOST
    assert time.process_time() - start < 2


def test_text_that_wants_to_be_html_stays_text():
    seen = read(mail("<script>alert(1)</script> posted in x", html="<p>&lt;b&gt;</p>"))
    assert seen.author == "<script>alert(1)</script>"
    assert "<b>" in seen.text


@pytest.mark.parametrize(
    ("pasted", "queue", "subject"),
    [
        ("2 posty oczekują w grupie Leoncin", "pending", "2 posty oczekują w grupie Leoncin"),
        (f"Od: Facebook\nTemat: Zgłoszono post\n\n{POST}", "reported", "Zgłoszono post"),
        ("", "pending", ""),
        ("\n \n", "pending", ""),
    ],
)
def test_a_mail_may_be_pasted(pasted, queue, subject):
    seen = read_pasted(pasted)
    assert (seen.queue, seen.subject) == (queue, subject)


def test_the_same_mail_has_the_same_name():
    assert read(mail("a")).id == read(mail("a")).id
    assert read(b"Subject: a\n\n").id != read(b"Subject: b\n\n").id
