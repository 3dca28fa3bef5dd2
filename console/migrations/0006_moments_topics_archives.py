"""When it happened and when it was known here; topics; archives; batches; rules as they were; numbers
as words of the search index."""

import re
from itertools import islice

# Not frozen: the index must be folded as the code folds that searches it.
from console.text.folding import fold

EPOCH = "1970-01-01 00:00:00.000000+00:00"
COLUMNS = {
    "entry": (
        "overdue BOOLEAN NOT NULL DEFAULT false",
        "held_known TIMESTAMPTZ",
        "topic VARCHAR(255) NOT NULL DEFAULT ''",
        "topic_by_id INTEGER REFERENCES user_account (id)",
        "archived BOOLEAN NOT NULL DEFAULT false",
    ),
    "report": ("withdrawn TIMESTAMPTZ",),
    "decision": (
        "batch VARCHAR(255)",
        f"happened TIMESTAMPTZ NOT NULL DEFAULT '{EPOCH}'",
    ),
    "violation": (
        "rule_name VARCHAR(255) NOT NULL DEFAULT ''",
        "rule_text_id INTEGER REFERENCES template (id)",
    ),
}
# Until now only the moment was kept at which something was known here, and a rule's present name.
BACKFILL = (
    "UPDATE entry SET held_known = held_since WHERE held_since IS NOT NULL",
    "UPDATE entry SET reported_since = (SELECT MIN(report.created) FROM report WHERE"
    " report.entry_id = entry.id AND report.state = 'open') WHERE reported_since IS NOT NULL",
    "UPDATE decision SET happened = at",
    "UPDATE violation SET rule_name = (SELECT name FROM rule WHERE rule.id = violation.rule_id)",
)
FORMER_INDEXES = (
    "entry_held",
    "entry_held_of_group",
    "entry_reported",
    "entry_reported_of_group",
    "entry_incoming",
    "entry_incoming_of_group",
)
LIVE = "archived = false"
HELD = f"urgency, overdue, held_since, id) WHERE state = 'held' AND {LIVE}"
REPORTED = f"reported_since, id) WHERE reported_since IS NOT NULL AND {LIVE}"
INCOMING = "received, created, id) WHERE whitelisted = true AND " + LIVE
INDEXES = (
    f"entry_held ON entry ({HELD}",
    f"entry_held_of_group ON entry (group_id, {HELD}",
    f"entry_reported ON entry ({REPORTED}",
    f"entry_reported_of_group ON entry (group_id, {REPORTED}",
    f"entry_incoming ON entry ({INCOMING}",
    f"entry_incoming_of_group ON entry (group_id, {INCOMING}",
    "entry_topic ON entry (topic, id) WHERE topic != ''",
    "entry_created ON entry (created, id, group_id)",
    "report_group_id_reporter_id ON report (group_id, reporter_id)",
    "decision_batch ON decision (batch) WHERE batch IS NOT NULL",
    "delivery_failed ON delivery (decision_id) WHERE state = 'failed'",
)


def up(migrator, db):
    for table, columns in COLUMNS.items():
        for column in columns:
            db.execute_sql(f"ALTER TABLE {table} ADD COLUMN {column}")
    for update in BACKFILL:
        db.execute_sql(update)
    for name in FORMER_INDEXES:
        db.execute_sql(f"DROP INDEX {name}")
    for index in INDEXES:
        db.execute_sql(f"CREATE INDEX {index}")
    index_numbers(db)


# A number in groups of digits becomes one word as well, from each of its groups on.
CHUNK = 1000
NUMBER = re.compile(r"[0-9](?:[ .()/-]{0,3}[0-9]){6,}")
COUNTRY = re.compile(
    r"(?<![0-9])(?:00)?48[ .()/-]{0,3}(?=[0-9](?:[ .()/-]{0,3}[0-9]){8}(?![0-9]))"
)
ENTRIES = (
    "SELECT entry.id, entry.text, profile.name FROM entry JOIN profile ON profile.id = profile_id"
    " WHERE entry.id > {0} ORDER BY entry.id LIMIT {0}"
)


def index_numbers(db):
    last = 0
    while chunk := db.execute_sql(ENTRIES.format(db.param), (last, CHUNK)).fetchall():
        last = chunk[-1][0]
        for id, text, author in chunk:
            for column, found in ("text", numbers(text)), ("author", numbers(author)):
                if found:
                    append(db, id, column, found)


def append(db, id, column, words):
    if db.for_update:  # PostgreSQL
        weight = {"text": "A", "author": "B"}[column]
        vector = " ".join(f"'{word}':{place}{weight}" for place, word in enumerate(words, 1))
        sql = "UPDATE entry_search SET vector = vector || %s::tsvector WHERE rowid = %s"
        db.execute_sql(sql, (vector, id))
    else:
        sql = f"UPDATE entry_search SET {column} = {column} || ' ' || ? WHERE rowid = ?"
        db.execute_sql(sql, (" ".join(words), id))


def numbers(text):
    runs = NUMBER.findall(fold(text)[:65_536])
    return list(dict.fromkeys(islice((word for run in runs for word in in_one_word(run)), 500)))


def in_one_word(run):
    groups = re.findall("[0-9]+", COUNTRY.sub(" ", run))
    digits, start = "".join(groups), 0
    if len(groups) == 1 and digits != run:
        yield digits[:32]
    for group in groups[:-1]:
        if len(digits) - start >= 7:
            yield digits[start : start + 32]
        start += len(group)
