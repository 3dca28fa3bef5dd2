"""What a mail from Facebook to an administrator of groups seems to say. Nothing in it is proved.

Its form is undocumented and changes, and anybody can forge it: it is a reason to go and look, no more.
"""

import email
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from hashlib import blake2b
from html.parser import HTMLParser

from console.text import addresses
from console.text.folding import fold

MOST = 512 * 1024  # bytes of a mail that are looked at, its pictures come last
LONGEST_HEADER, LONGEST_SUBJECT = 2000, 300
MOST_PARTS, MOST_LINKS = 20, 200
SENDERS = "facebookmail.com"

# Which queue the words name; the first that fits, in the subject and then in the text. Folded.
QUEUES = (
    ("spam", r"\bspam"),
    ("auto-reported", r"automat\w* (?:zglos|oznacz|report|flag)|(?:zglos|oznacz|flag)\w* automat"),
    ("auto-reported", r"automatically (?:reported|flagged)|facebook (?:flagged|oznaczyl)"),
    ("alerts", r"\balert|moderation notif"),
    ("privacy", r"\bprywatnos|\bprivacy|ustawieni\w+ grupy|group settings"),
    ("reported", r"\bzglos\w+|\breport(?:ed|s)?\b"),
    ("pending", r"oczekuj|czeka\w* na|do zatwierdzenia|zatwierdz|\bpending\b|\bapprov|\breview\b"),
)
QUEUES_IN = [(queue, re.compile(words)) for queue, words in QUEUES]
# Who wrote what the mail is about, at the start of its subject. `?` takes the shortest that fits.
AUTHOR = re.compile(
    r"(?:(?:fwd?|re|pd|odp)\s*:\s*)*[\"„“]?(?P<author>[^\"„“”:]{2,100}?)[\"”]?\s+"
    r"(?:(?:just |w[lł]a[sś]nie )?(?:posted|shared|published|added|created|wrote|wants to post)\b"
    r"|(?:opublikowa|doda|udost[eę]pni|napisa|utworzy)[lł]|chce opublikowa[cć]|publikuje\b)",
    re.IGNORECASE,
)
NEW = re.compile(
    r"\bnowy (?:post|wpis)|\bnew post|\bposted\b|\bopublikowal|\bdodal\w* (?:post|wpis)"
)
SUBJECT = re.compile(r"(?:subject|temat)\s*:\s*(.+)", re.IGNORECASE)
ADDRESS = re.compile(r"[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})\b", re.IGNORECASE)
# Of mails; Python knows others, which take minutes for what is made for that.
CHARSETS = re.compile(r"utf|iso-|windows-|cp\d|us-ascii|latin|koi8", re.IGNORECASE)
TRACES = re.compile(
    r"[\ud800-\udfff\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+"
)


@dataclass(frozen=True)
class FacebookMail:
    subject: str
    text: str  # of all parts, without markup
    queue: str  # a name in console/platforms/round_plans.py, "pending" for what names none
    is_new: bool  # it tells of a post that stands in no queue
    author: str  # "" when the words do not say it
    group: str | None  # the number or slug of the group that a link names
    link: str  # of the post, in its canonical spelling; "" for none
    sender: str  # the domain of whoever sent it
    is_facebooks: (
        bool  # whether Facebook says to have sent it, or somebody who forwards such a mail
    )
    id: str  # the same for the same mail


def read(raw: bytes) -> FacebookMail:
    """Any bytes are a mail; what is not understood is empty."""
    parser, plain = _Markup(), []
    try:
        mail = email.message_from_bytes(raw[:MOST])
        parts = list(_parts(mail))
    except RecursionError:  # parts within parts, thousands deep
        mail, parts = BytesHeaderParser().parsebytes(raw[:MOST]), []
    for kind, text in parts:
        if kind == "text/html":
            parser.feed(text)
        else:
            plain.append(text)
    text = "\n".join([*plain, parser.text])
    sender = _domain(_header(mail, "From"))
    named = _header(mail, "Message-ID").strip().encode() or raw[:MOST]
    is_facebooks = _is_facebooks(sender) or _is_forwarded(text)
    subject = _line(_header(mail, "Subject"))
    return _understood(subject, text, parser.links, sender, is_facebooks, named)


def read_pasted(text: str) -> FacebookMail:
    """A mail's subject or text, as somebody copied it: who pastes it has seen who sent it."""
    lines = [line.strip() for line in text[:MOST].splitlines() if line.strip()]
    said = next(filter(None, map(SUBJECT.match, lines[:20])), None)
    subject = _line(said[1] if said else lines[0] if lines else "")
    return _understood(subject, "\n".join(lines), [], "", True, text.encode(errors="replace"))


def _understood(
    subject: str, text: str, links: list[str], sender: str, is_facebooks: bool, named: bytes
) -> FacebookMail:
    seen = [addresses.read(link) for link in [*links, *text.split()][: 50 * MOST_LINKS]]
    seen = [address for address in seen if address.platform]
    author = AUTHOR.match(subject)
    folded = fold(subject)
    found = (queue for each in (folded, fold(text[:4000])) for queue in _queues(each))
    is_new = bool(NEW.search(folded)) and not any(_queues(folded))
    return FacebookMail(
        subject=subject,
        text=text,
        queue="pending" if is_new else next(found, "pending"),
        is_new=is_new,
        author=author["author"].strip() if author else "",
        group=next((address.group for address in seen if address.group), None),
        link=next((address.canonical or "" for address in seen if address.key), ""),
        sender=sender,
        is_facebooks=is_facebooks,
        id=blake2b(named, digest_size=16).hexdigest(),
    )


def _queues(folded: str) -> Iterator[str]:
    return (queue for queue, words in QUEUES_IN if words.search(folded))


def _is_facebooks(domain: str) -> bool:
    return domain == SENDERS or domain.endswith("." + SENDERS)


def _is_forwarded(text: str) -> bool:
    return any(_is_facebooks(domain.lower()) for domain in ADDRESS.findall(text[:20_000]))


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2].lower().rstrip(".")


def _header(mail: Message, name: str) -> str:
    """Decoded as far as it can be: charsets that nobody knows, and broken words, stay as they are."""
    value = str(mail.get(name, ""))[:LONGEST_HEADER]
    try:
        pieces = decode_header(value)
    except Exception:  # of a broken word; which errors there are differs between versions
        return value
    return "".join(_decoded(*piece) for piece in pieces)


def _decoded(data: bytes | str, charset: str | None) -> str:
    if isinstance(data, str):
        return data
    with suppress(LookupError, ValueError):
        if charset and CHARSETS.match(charset):
            return data.decode(charset, errors="replace")
    return data.decode("utf-8", errors="replace")


def _line(text: str) -> str:
    return TRACES.sub(" ", text).strip()[:LONGEST_SUBJECT]


def _parts(mail: Message) -> Iterator[tuple[str, str]]:
    texts = (part for part in mail.walk() if part.get_content_maintype() == "text")
    for number, part in enumerate(texts):
        if number == MOST_PARTS:
            return
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            yield part.get_content_type(), _decoded(data, _charset(part))


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, ValueError):  # of a charset that is itself in a charset
        return None


class _Markup(HTMLParser):
    """The text of a mail in HTML, and where its links lead."""

    UNSEEN = ("style", "script", "head")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self._pieces: list[str] = []
        self._unseen = 0

    @property
    def text(self) -> str:
        return " ".join(self._pieces)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in self.UNSEEN
        address = dict(attributes).get("href")
        if address and len(self.links) < MOST_LINKS:
            self.links.append(address)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in self.UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        if not self._unseen and (text := data.strip()):
            self._pieces.append(text)
