"""The search index, and what the filters beside it need."""

# Not frozen: the index must be folded as the code folds that searches it.
from console.text.folding import WORD, fold

CHUNK = 1000
SQLITE = (
    "CREATE VIRTUAL TABLE entry_search USING"
    " fts5(text, author, place, tokenize = 'ascii', columnsize = 0, prefix = '3')",
    "CREATE TRIGGER entry_search_deleted AFTER DELETE ON entry"
    " BEGIN DELETE FROM entry_search WHERE rowid = old.id; END",
)
POSTGRES = (
    "CREATE TABLE entry_search (vector tsvector NOT NULL, rowid integer PRIMARY KEY"
    " REFERENCES entry (id) ON DELETE CASCADE)",
)
POSTGRES_INDEX = "CREATE INDEX entry_search_vector ON entry_search USING gin (vector)"
INDEXES = (
    "CREATE INDEX entry_received ON entry (received, id)",
    "CREATE INDEX match_of_screener ON \"match\" (screener_id, entry_id) WHERE revision_id IS NULL",
)
ENTRIES = (
    "SELECT entry.id, entry.text, profile.name, entry.group_id"
    " FROM entry JOIN profile ON profile.id = entry.profile_id"
    " WHERE entry.id > {0} ORDER BY entry.id LIMIT {0}"
)


def up(migrator, db):
    is_postgres = bool(db.for_update)
    for sql in (*(POSTGRES if is_postgres else SQLITE), *INDEXES):
        db.execute_sql(sql)
    last = 0
    while chunk := db.execute_sql(ENTRIES.format(db.param), (last, CHUNK)).fetchall():
        last = chunk[-1][0]
        for row in chunk:
            index(db, is_postgres, *row)
    if is_postgres:  # built far faster once the rows are there
        db.execute_sql(POSTGRES_INDEX)


def index(db, is_postgres, id, text, author, group_id):
    columns = words(text), words(author), [str(group_id)]
    if is_postgres:
        parts = (
            f"'{word}':{place}{column}"
            for column, found in zip("ABC", columns)
            for place, word in enumerate(found, 1)
        )
        sql = "INSERT INTO entry_search (rowid, vector) VALUES (%s, %s::tsvector)"
        db.execute_sql(sql, (id, " ".join(parts)))
    else:
        sql = "INSERT INTO entry_search (rowid, text, author, place) VALUES (?, ?, ?, ?)"
        db.execute_sql(sql, (id, *map(" ".join, columns)))


def words(text):
    return [word[:64] for word in WORD.findall(fold(text)[:65_536])]
