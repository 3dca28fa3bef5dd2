"""Full-text search of entries by text and author, with FTS5 on SQLite and a tsvector on PostgreSQL.

Texts and queries are folded and split into words here, so that both databases find the same, and
case, diacritics, ł and zero-width characters do not matter. The FTS5 table has the columns text, author
and place (the group's id); in the tsvector the weights A, B and C stand for them.

A number that is written in groups, as telephone numbers are, is in the index as one word as well, at
the end of its text: from each of its groups on, since nothing tells which of them belong together.

Entries are indexed under the present name of their author, so a rename updates all of them.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from peewee import Expression, Select, Table, Value
from playhouse.fts_parser import parse

from console.storage import db, is_postgres
from console.text.folding import WORD, fold
from models import Entry, Profile

LONGEST_QUERY = 200
LONGEST_WORD, LONGEST_TEXT = 64, 65_536  # PostgreSQL has limits, and a folded text may be longer
LONGEST_NUMBER, MOST_NUMBERS = 32, 500  # of one text: each takes room in the index

SEARCH = Table("entry_search")

# Seven digits or more, in groups: 600-700-800, (22) 765 32 21.
NUMBER = re.compile(r"[0-9](?:[ .()/-]{0,3}[0-9]){6,}")
COUNTRY = re.compile(r"(?<![0-9])(?:00)?48[ .()/-]{0,3}(?=[0-9](?:[ .()/-]{0,3}[0-9]){8}(?![0-9]))")
BRACKETS = re.compile("[()]")
DIGITS = re.compile("[0-9]+")
OPERATOR = re.compile(r"\b(AND|OR|NOT)\b")
AUTHOR = re.compile(r"\bautor(?=\s*:)")
# A word of three letters or more, as far as the next space; a full stop or comma at its end is none.
PLAIN = re.compile(r'([^\W_]{3,})[^\w\s"()*:]*(?=[\s"()]|$)')
TERM = re.compile(r'"([^"]*)"')
PART = re.compile(r'("author": )|"([^"]*)"(\*?)|(AND|OR|NOT|[()])')
SIGNS = {"AND": " & ", "OR": " | ", "NOT": " & !"}


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(text)[:LONGEST_TEXT])]


@lru_cache(maxsize=16)  # for who works it out before the transaction that needs it
def indexed(text: str) -> tuple[str, ...]:
    """The words of a text as they are in the index; after them, its numbers."""
    folded = fold(text)[:LONGEST_TEXT]
    found = [word[:LONGEST_WORD] for word in WORD.findall(folded)]
    numbers = (number for run in NUMBER.findall(folded) for number in _numbers(run))
    return *found, *dict.fromkeys(islice(numbers, MOST_NUMBERS))


def _numbers(run: str) -> Iterator[str]:
    """The number that begins with each group of digits, where it is not the group alone."""
    groups = DIGITS.findall(COUNTRY.sub(" ", run))
    digits, start = "".join(groups), 0
    if len(groups) == 1 and digits != run:
        yield digits[:LONGEST_NUMBER]
    for group in groups[:-1]:
        if len(digits) - start >= 7:
            yield digits[start : start + LONGEST_NUMBER]
        start += len(group)


def put(entry: Entry, author: str) -> None:
    """Adds the entry to the index, or replaces it there."""
    text, name, group = indexed(entry.text), indexed(author), [str(entry.group_id)]
    if is_postgres():
        vector = " ".join((_vector(text, "A"), _vector(name, "B"), _vector(group, "C")))
        db.execute_sql(
            "INSERT INTO entry_search (rowid, vector) VALUES (%s, %s::tsvector)"
            " ON CONFLICT (rowid) DO UPDATE SET vector = excluded.vector",
            (entry.id, vector),
        )
    else:
        db.execute_sql(
            "INSERT OR REPLACE INTO entry_search (rowid, text, author, place) VALUES (?, ?, ?, ?)",
            (entry.id, " ".join(text), " ".join(name), *group),
        )


def rename(profile: Profile) -> None:
    """Updates the author's name in all of their indexed entries."""
    name = indexed(profile.name)
    theirs = "WHERE rowid IN (SELECT id FROM entry WHERE profile_id ="
    if is_postgres():
        db.execute_sql(
            "UPDATE entry_search SET vector = ts_filter(vector, '{a,c}') || %s::tsvector"
            f" {theirs} %s)",
            (_vector(name, "B"), profile.id),
        )
    else:
        db.execute_sql(
            f"UPDATE entry_search SET author = ? {theirs} ?)", (" ".join(name), profile.id)
        )


def is_searchable(query: str) -> bool:
    """Whether the query can find anything: "!!!" has no word, "-spam" only excludes."""
    return bool(_parsed(query))


def matching_ids(query: str, group_ids: list[int] | None = None) -> Select:
    """A query for the ids of the matching entries; an empty query matches all of the groups."""
    return SEARCH.select(SEARCH.c.rowid).where(matches(query, group_ids))


def matches(query: str, group_ids: list[int] | None) -> Expression:
    """The condition that a row of SEARCH matches, in these groups; None means all groups."""
    asked = _parsed(query)
    groups = list(map(str, group_ids or ()))
    if is_postgres():
        parts = [f"({_tsquery(asked)})"] if asked else []
        parts += ["(" + " | ".join(f"'{id}':C" for id in groups) + ")"] if groups else []
        return Expression(SEARCH.c.vector, "@@", Value(" & ".join(parts)).cast("tsquery"))
    parts = [f"{{text author}}: ({asked})"] if asked else []
    parts += [f"place: ({' OR '.join(groups)})"] if groups else []
    return Expression(SEARCH.c.entry_search, "MATCH", Value(" AND ".join(parts)))


def _parsed(query: str) -> str:
    """The query in FTS5's syntax; "" when it has no word to search for. Any input can be parsed.

    Words are joined by AND; OR, -exclude, "phrase", prefix*, author:name and autor:nazwa work too. A
    word of three letters or more matches all words that begin with it; in quotes it does not. A
    number matches however its digits are grouped.
    """
    pieces = OPERATOR.split(query[:LONGEST_QUERY])
    folded = "".join(piece if n % 2 else fold(piece) for n, piece in enumerate(pieces))
    pieces = re.sub("[_{}]", " ", folded).split('"')
    starred = "".join(_quoted(p) if n % 2 else _starred(p) for n, p in enumerate(pieces))
    parsed = parse(starred, ["author"])
    if parsed == '""':
        return ""
    return TERM.sub(lambda term: f'"{" ".join(words(term[1]))}"', parsed)


def _quoted(phrase: str) -> str:
    run = NUMBER.fullmatch(phrase.strip(" +"))
    return f'("{phrase}" OR {_whole(run[0])}*)' if run else f'"{phrase}"'


def _whole(run: str) -> str:
    """A number of a query as one word."""
    return "".join(DIGITS.findall(COUNTRY.sub("", run)))[:LONGEST_NUMBER]


def _starred(text: str) -> str:
    text = NUMBER.sub(lambda run: f"({BRACKETS.sub(' ', run[0])} OR {_whole(run[0])})", text)
    pieces = OPERATOR.split(AUTHOR.sub("author", text))
    return "".join(p if n % 2 else PLAIN.sub(r"\1*", p) for n, p in enumerate(pieces))


def _tsquery(parsed: str) -> str:
    """The parsed query in the syntax of a tsquery; fts_parser has put in all brackets."""
    parts, columns, narrowed = [], ["AB"], False
    for column, phrase, star, sign in PART.findall(parsed):
        within = "B" if narrowed else columns[-1]
        narrowed = bool(column)
        if sign == "(":
            columns.append(within)
        elif sign == ")":
            columns.pop()
        if phrase:
            parts.append(_phrase(phrase.split(), star, within))
        else:
            parts.append(SIGNS.get(sign, sign))
    return "".join(parts)


def _phrase(words: list[str], star: str, columns: str) -> str:
    """A phrase matches within one column only, as in FTS5."""
    if len(words) == 1:
        return f"'{words[0]}':{star}{columns}"
    *before, last = words
    each = (
        " <-> ".join([*(f"'{word}':{column}" for word in before), f"'{last}':{star}{column}"])
        for column in columns
    )
    return "(" + " | ".join(f"({phrase})" for phrase in each) + ")"


def _vector(words: Iterable[str], column: str) -> str:
    return " ".join(f"'{word}':{n}{column}" for n, word in enumerate(words, 1))
