"""Reads a post or a comment of Facebook as people copy it from the page, with all that surrounds it.

The form of such a copy is nobody's promise. Only lines that are known to be no author's words are left
out, and only at the beginning and at the end; in doubt all stays text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from console.text import addresses

LONGEST_LINE = 160  # of what surrounds a post; a longer one is its text
LONGEST_NAME = 80
LONGEST_LINK = 2500
FLAGS = re.IGNORECASE
NOISE = re.compile(r"[\s·•∙⋅|…\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0f🌐🌎🌍🔒👥]*")
DOT = re.compile("[·•∙⋅]")
NOISE_AROUND = re.compile(rf"^{NOISE.pattern}|{NOISE.pattern}$")

_UNIT = (
    r"(?:s|sek|min|m|h|g|godz|d|dn|dni|dzień|tyg|mies|r|l|lat|lata|rok|hrs?|hours?|mins?|minutes?|"
    r"days?|w|wks?|weeks?|y|yrs?|years?|mo|months?|godzin[aęy]?|minut[aęy]?|tydzień|tygodni[e]?)"
)
_MONTH = (
    r"(?:stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|"
    r"listopada|grudnia|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|sty|lut|mar|kwi|cze|lip|sie|wrz|paź|lis|gru)"
)
_CLOCK = r"(?:,? (?:o(?: godz\.)?|at) ?\d{1,2}[:.]\d{2}(?: ?[ap]m)?)?"
AGO = re.compile(rf"(?:przed chwilą|just now|\d{{1,3}} ?{_UNIT}\.?(?: temu| ago)?)", FLAGS)
DATE = re.compile(
    rf"(?:(?:wczoraj|dzisiaj|yesterday|today){_CLOCK}|"
    rf"\d{{1,2}} {_MONTH}\.?(?: \d{{4}})?{_CLOCK}|{_MONTH} \d{{1,2}}(?:, \d{{4}})?{_CLOCK})",
    FLAGS,
)
TIME = re.compile(f"(?:{AGO.pattern}|{DATE.pattern})", FLAGS)
BADGE = re.compile(
    r"administrator(?:ka)?|admin|moderator(?:ka)?|autor(?:ka)?|author|"
    r"(?:najlepsz[ya]|najaktywniejsz[ya]) (?:fan(?:ka)?|komentujący|uczestni(?:k|czka))|"
    r"top (?:fan|contributor)|(?:nowy członek|new member)|ekspert(?:ka)? grupy|group expert|"
    r"(?:wschodząca gwiazda|rising star)|zweryfikowan[eya](?: konto)?|verified(?: account)?|"
    r"obserwuj|follow|dołącz|join|grupa (?:publiczna|prywatna)|(?:public|private) group|"
    r"edytowan[eoy]|edytowano|edited|udostępnione (?:publicznie|członkom grupy)",
    FLAGS,
)
_COUNT = r"\d[\d  .,]*(?: ?(?:tys|mln|k|m)\.?)?"
ACTIONS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, FLAGS)
    for name, pattern in {
        "reactions": rf"(?:wszystkie reakcje|all reactions):?(?: ?{_COUNT})?",
        "comments": rf"{_COUNT} ?(?:komentarz(?:e|y)?|comments?|odpowiedzi|repl(?:y|ies))",
        "shares": rf"{_COUNT} ?(?:udostępnie(?:nie|nia|ń)|shares?)",
        "seen": rf"(?:wyświetlon[eoy](?: przez)?:? ?{_COUNT}|seen by {_COUNT})",
        "like": r"(?:lubię to!?|like)",
        "comment": r"(?:skomentuj|dodaj komentarz|comment)",
        "reply": r"(?:odpowiedz|reply)",
        "share": r"(?:udostępnij|share)",
        "send": r"(?:wyślij|send)",
        "write": r"(?:napisz (?:publiczny )?komentarz|write a (?:public )?comment)(?:…|\.\.\.)?",
        "more": r"(?:wyświetl więcej|zobacz więcej|see more|zobacz mniej|see less)",
        "translate": r"(?:(?:zobacz|pokaż) (?:tłumaczenie|oryginał)|see (?:translation|original))",
        "edited": r"(?:edytowan[eoy]|edytowano|edited)",
        "all": r"(?:wyświetl (?:więcej|wszystkie|poprzednie) (?:komentarze?|komentarzy|odpowiedzi)|"
        r"view (?:more|all|previous) (?:comments|replies))",
        "approve": r"(?:zatwierdź|approve)",
        "decline": r"(?:odrzuć|decline)",
    }.items()
}
COUNT = re.compile(_COUNT, FLAGS)
# Each as a whole word.
FOOT = {
    name: re.compile(rf"(?:{of.pattern})(?!\w)", FLAGS)
    for name, of in {**ACTIONS, "time": TIME}.items()
}
# A real foot has one of these.
SURE = {"like", "reactions", "reply", "approve"}
CUT = re.compile(r"(?:…|\.\.\.) ?(?:wyświetl więcej|zobacz więcej|see more)$", FLAGS)
CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ"
NAME = re.compile(rf"[{CAPITAL}][\w'’.-]*(?: [{CAPITAL}][\w'’.-]*){{1,3}}")
REPORTED = re.compile(
    rf"(?:[Zz]głoszon[ey] przez|[Zz]głosiła?|[Zz]głosił\(a\)|[Rr]eported by):? (?P<by>{NAME.pattern})|"
    rf"(?P<who>{NAME.pattern}) (?:zgłosiła?|zgłosił\(a\)|reported) "
    r"(?:ten post|ten komentarz|this post|this comment)\.?"
)
# A post of somebody in a group: who › where.
IN_GROUP = re.compile(r"(\S.*?)\s*[›▸▶►]\s*\S.*")


@dataclass(frozen=True)
class Pasted:
    text: str = ""
    author: str = ""  # "" where no line says it beyond doubt
    link: str = ""  # of Facebook, of this post itself
    reporter: str = ""


def read(pasted: str) -> Pasted:
    """Never raises. What was left out of `text` is no word of the author's."""
    rest, link = _without_link(pasted.strip())
    lines, reporter = _without_reporter([line.strip() for line in rest.splitlines()])
    start, author, is_sure = _head(lines)
    end, labels = _foot(lines, start)
    if not (is_sure or labels & SURE):
        start, author = 0, ""
    if not author and {"time", "reply"} <= labels:
        start, author = _head_of_comment(lines[:end])
    if not labels & SURE or len(labels) < (2 if author else 3):
        end = len(lines)  # too little to be sure that these are not the author's
    text = "\n".join(lines[start:end]).strip()
    if author or end < len(lines):
        text = CUT.sub("…", text)
    return Pasted(text, author, link, reporter)


def _without_link(text: str) -> tuple[str, str]:
    """The text without the link to Facebook that it begins or ends with, and that link."""
    words = text.split(None, 1)
    first, rest = (words + ["", ""])[:2]
    if _is_link(first):
        return rest, first
    words = text.rsplit(None, 1)
    if len(words) == 2 and _is_link(words[1]):
        return words[0].rstrip(), words[1]
    is_line = len(text) <= LONGEST_LINK and "\n" not in text
    return text, (addresses.read(text).canonical or "") if is_line else ""


def _is_link(word: str) -> bool:
    return len(word) <= LONGEST_LINK and addresses.read(word).platform is not None


def _without_reporter(lines: list[str]) -> tuple[list[str], str]:
    for at in {0, len(lines) - 1} if lines else ():
        match = _fits(REPORTED, lines[at])
        if match:
            return lines[:at] + lines[at + 1 :], match["by"] or match["who"]
    return lines, ""


def _head(lines: list[str]) -> tuple[int, str, bool]:
    """Where the text begins, who wrote it, and whether that is sure without the foot.

    The author stands before a badge or a time. Without Facebook's dots between them it must look like
    a name; and a date may be that of a meeting.
    """
    filled = [at for at, line in enumerate(lines[:12]) if not _is_noise(line)]
    while filled and _is_badge(lines[filled[0]]):
        filled.pop(0)
    for at in filled[:2]:  # above the author there may be the group
        name, *marks = _parts(lines[at]) or [""]
        if in_group := _fits(IN_GROUP, name):
            name = in_group[1]
        if not _may_be_name(name) or not all(map(_is_mark, marks)):
            break
        after = _after_marks(lines, at + 1, marks, name)
        if not after.marks:
            continue
        has_dots = any(DOT.search(line) for line in lines[at : after.start])
        is_named = _fits(NAME, name) or (has_dots and at == filled[0])
        if not is_named or not _begins_a_text(lines, after.start):
            break
        is_date_alone = all(_fits(DATE, mark) for mark in after.marks) and not has_dots
        return after.start, name, not is_date_alone
    return 0, "", True


def _begins_a_text(lines: list[str], at: int) -> bool:
    """A comment's time stands below it, so what comes before a time may be its text."""
    first = next((line for line in lines[at:] if not _is_noise(line)), "")
    return bool(first) and not SURE.intersection(_labels(first))


@dataclass(frozen=True)
class _Marks:
    start: int  # of what comes after them
    marks: list[str]


def _after_marks(lines: list[str], at: int, seen: list[str], name: str) -> _Marks:
    """Passes over badges, each once, as far as the time, and what has no words."""
    seen, start = list(seen), at
    for number, line in enumerate(lines[at : at + 12], at):
        has_time = any(_fits(TIME, mark) for mark in seen)
        parts = _parts(line)
        if parts == [name] and not seen:  # it is often there twice
            parts = []
        if parts and (
            has_time or not all(_is_mark(part) for part in parts) or set(parts) & set(seen)
        ):
            break
        seen += parts
        start = number + 1
    return _Marks(start, seen)


def _head_of_comment(lines: list[str]) -> tuple[int, str]:
    """A comment has its time at its end, so its author's line must look like a name."""
    filled = [at for at, line in enumerate(lines) if not _is_noise(line)]
    while filled and _is_badge(lines[filled[0]]):
        filled.pop(0)
    if len(filled) > 1 and _fits(NAME, lines[filled[0]]):
        return filled[0] + 1, lines[filled[0]]
    return 0, ""


def _foot(lines: list[str], start: int) -> tuple[int, set[str]]:
    """Where the text ends, and what was found below it; nothing stands there twice."""
    end, found = len(lines), set[str]()
    for at in range(len(lines) - 1, start - 1, -1):
        if _is_noise(lines[at]) or _fits(COUNT, lines[at]):
            continue  # it belongs to the foot only if more of that stands above
        labels = list(_labels(lines[at]))
        if not labels or "" in labels or found & set(labels) or len(set(labels)) < len(labels):
            break
        found |= set(labels)
        end = at
    return end, found


def _labels(line: str) -> Iterator[str]:
    """What the line consists of; "" for what is not known."""
    at = 0 if len(line) <= LONGEST_LINE else len(line)
    if at:
        yield ""
    while at < len(line):
        matches = [
            (match.end(), name) for name, of in FOOT.items() if (match := of.match(line, at))
        ]
        if not matches:
            yield ""
            return
        at, name = max(matches)
        yield name
        at = NOISE.match(line, at).end()  # type: ignore[union-attr]


def _parts(line: str) -> list[str]:
    parts = (NOISE_AROUND.sub("", part) for part in DOT.split(line))
    return [part for part in parts if part]


def _may_be_name(text: str) -> bool:
    is_short = 0 < len(text) <= LONGEST_NAME
    return is_short and not _is_mark(text) and text[-1] not in ".!?:,;" and text[0].isalnum()


def _is_mark(text: str) -> bool:
    return bool(_fits(TIME, text)) or _is_badge(text)


def _is_badge(text: str) -> bool:
    return bool(_fits(BADGE, text))


def _is_noise(line: str) -> bool:
    return bool(_fits(NOISE, line))


def _fits(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    return pattern.fullmatch(line) if len(line) <= LONGEST_LINE else None
