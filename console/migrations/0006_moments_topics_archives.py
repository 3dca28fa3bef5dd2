"""When it happened and when it was known here; topics; archives; batches; rules as they were."""

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
