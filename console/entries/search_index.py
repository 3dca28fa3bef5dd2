"""Full-text search of entries by text and author, with FTS5 on SQLite and a tsvector on PostgreSQL.

Texts and queries are folded and split into words here, so that both databases find the same, and
case, diacritics, ł and zero-width characters do not matter. The FTS5 table has the columns text, author
and place (the group's id); in the tsvector the weights A, B and C stand for them.

Entries are indexed under the present name of their author, so a rename updates all of them.
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
    """The words of a text as they are in the index."""
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(text)[:LONGEST_TEXT])]


def put(entry: Entry, author: str) -> None:
    """Adds the entry to the index, or replaces it there."""
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
    """Updates the author's name in all of their indexed entries."""
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
    word of three letters or more matches all words that begin with it; in quotes it does not.
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


def _vector(words: list[str], column: str) -> str:
    return " ".join(f"'{word}':{n}{column}" for n, word in enumerate(words, 1))
