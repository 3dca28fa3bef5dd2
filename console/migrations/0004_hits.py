"""What screeners found is called a hit."""

INDEXES = (
    ("match_entry_id", "CREATE INDEX hit_entry_id ON hit (entry_id)"),
    (
        "match_of_screener",
        "CREATE INDEX hit_of_screener ON hit (screener_id, entry_id) WHERE revision_id IS NULL",
    ),
)


def up(migrator, db):
    db.execute_sql('ALTER TABLE "match" RENAME TO hit')
    for old, new in INDEXES:
        db.execute_sql(f"DROP INDEX {old}")
        db.execute_sql(new)
