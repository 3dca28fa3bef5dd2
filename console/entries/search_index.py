"""The search index: what an entry says and who wrote it, in the full text search of either database.

Words are cut and folded here, on the way in and in what is asked, so that both databases agree, and
case, diacritics, ł and zero-width characters do not matter. SQLite has an FTS5 table of three columns;
PostgreSQL a tsvector whose weights A, B and C stand for them. The third column is the entry's group.

An entry is found under the name that its author has now: a rename indexes all of theirs anew.
"""

import re

from peewee import Expression, Select, Table, Value
from playhouse.fts_parser import parse

from console.storage import db, is_postgres
from console.text.folding import WORD, fold
from models import Entry, Profile

LONGEST_QUERY = 200
LONGEST_WORD, LONGEST_TEXT = 64, 65_536  # PostgreSQL has limits, and a folded text may be longer

SEARCH = Table("entry_search")

OPERATOR = re.compile(r"\b(AND|OR|NOT)\b")
AUTHOR = re.compile(r"\bautor(?=\s*:)")
# A word of three letters or more, as far as the next space; a full stop or comma at its end is none.
PLAIN = re.compile(r'([^\W_]{3,})[^\w\s"()*:]*(?=[\s"()]|$)')
TERM = re.compile(r'"([^"]*)"')
PART = re.compile(r'("author": )|"([^"]*)"(\*?)|(AND|OR|NOT|[()])')
SIGNS = {"AND": " & ", "OR": " | ", "NOT": " & !"}


def words(text: str) -> list[str]:
    """The words of a text as the index has them."""
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(text)[:LONGEST_TEXT])]


def put(entry: Entry, author: str) -> None:
    """Indexes the entry, or indexes it anew."""
    text, name, group = words(entry.text), words(author), [str(entry.group_id)]
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
    """The author has another name now, in all of their entries."""
    name = words(profile.name)
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
    """Whether there is anything in it to search for: "!!!" has no word, "-spam" only excludes."""
    return bool(_parsed(query))


def matching_ids(query: str, group_ids: list[int] | None = None) -> Select:
    """Selects the ids of the entries that match. An empty query asks for all of the groups'."""
    return SEARCH.select(SEARCH.c.rowid).where(matches(query, group_ids))


def matches(query: str, group_ids: list[int] | None) -> Expression:
    """A row of SEARCH matches the query, and is of one of these groups; None means any group."""
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
    """The query in the language of FTS5, which fts_parser makes of anything; "" when it asks nothing.

    AND by juxtaposition, OR, -exclude, "phrase", prefix*, author:name or autor:nazwa. A plain word
    of three letters or more finds all that begin with it, quotes find it just as it is.
    """
    pieces = OPERATOR.split(query[:LONGEST_QUERY])
    folded = "".join(piece if n % 2 else fold(piece) for n, piece in enumerate(pieces))
    pieces = re.sub("[_{}]", " ", folded).split('"')
    starred = '"'.join(piece if n % 2 else _starred(piece) for n, piece in enumerate(pieces))
    parsed = parse(starred, ["author"])
    if parsed == '""':
        return ""
    return TERM.sub(lambda term: f'"{" ".join(words(term[1]))}"', parsed)


def _starred(text: str) -> str:
    pieces = OPERATOR.split(AUTHOR.sub("author", text))
    return "".join(p if n % 2 else PLAIN.sub(r"\1*", p) for n, p in enumerate(pieces))


def _tsquery(parsed: str) -> str:
    """The same in PostgreSQL's words; what is compound stands in brackets already."""
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
    """A phrase stands in one column from end to end."""
    if len(words) == 1:
        return f"'{words[0]}':{star}{columns}"
    *before, last = words
    each = (
        " <-> ".join([*(f"'{word}':{column}" for word in before), f"'{last}':{star}{column}"])
        for column in columns
    )
    return "(" + " | ".join(f"({phrase})" for phrase in each) + ")"


def _vector(words: list[str], column: str) -> str:
    return " ".join(f"'{word}':{n}{column}" for n, word in enumerate(words, 1))
