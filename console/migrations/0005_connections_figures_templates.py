"""Connections instead of columns of a group; deliveries of any kind; figures by day; templates."""

from datetime import datetime
from zoneinfo import ZoneInfo

from peewee import (
    SQL,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

SHORT = {
    "hate": "Hejt",
    "hate-speech": "Nienawiść",
    "threat": "Groźby",
    "offensive": "Obraźliwe",
    "defamation": "Zniesławienie",
    "misleading": "Fałsz",
    "unlawful": "Prawo",
    "politics": "Polityka",
    "off-topic": "Nie na temat",
    "spam": "Spam",
    "personal-data": "Dane",
    "platform-terms": "Regulamin",
}
WARSAW = ZoneInfo("Europe/Warsaw")
CHUNK = 1000


class InstantField(DateTimeField):
    field_type = "TIMESTAMPTZ"


def up(migrator, db):
    class Row(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class User(Row):
        class Meta:
            table_name = "user_account"

    class Group(Row):
        class Meta:
            table_name = "residents_group"

    class Profile(Row):
        pass

    class Rule(Row):
        pass

    class Entry(Row):
        pass

    class Decision(Row):
        pass

    class Template(Row):
        kind = CharField()
        group = ForeignKeyField(Group, null=True, index=False)
        rule = ForeignKeyField(Rule, null=True, index=False)
        name = CharField()
        version = IntegerField()
        text = TextField()
        by = ForeignKeyField(User, null=True, index=False)
        at = InstantField()

        class Meta:
            indexes = ((("kind", "group", "rule", "name", "version"), False),)

    class EntryFigures(Row):
        entry = ForeignKeyField(Entry, index=False, on_delete="CASCADE")
        day = DateField()
        views = IntegerField(null=True)
        reactions = IntegerField(null=True)
        comments = IntegerField(null=True)
        shares = IntegerField(null=True)
        told = InstantField()

        class Meta:
            indexes = ((("entry", "day"), True),)

    class Connection(Row):
        group = ForeignKeyField(Group, unique=True)
        platform = CharField()
        settings = JSONField()
        secrets = JSONField()
        state = CharField()
        state_reason = CharField()
        rests_until = InstantField(null=True)

    class Delivery(Row):
        connection = ForeignKeyField(Connection, index=False)
        kind = CharField()
        decision = ForeignKeyField(Decision, null=True, index=False)
        entry = ForeignKeyField(Entry, null=True)
        profile = ForeignKeyField(Profile, null=True, index=False)
        idempotency_key = CharField(unique=True)
        state = CharField()
        due = InstantField()
        attempts = IntegerField()
        begun = BooleanField()
        last_error = TextField()
        settled = InstantField(null=True)
        settled_by = ForeignKeyField(User, null=True, index=False)

        class Meta:
            indexes = ((("decision", "kind"), True),)

    pending = Delivery.state == SQL("'pending'")
    Delivery.add_index(
        Delivery.index(Delivery.due, Delivery.id, where=pending, name="delivery_pending")
    )
    db.create_tables([Template, EntryFigures, Connection])
    connect(db, Connection)
    db.execute_sql("CREATE TABLE delivery_before AS SELECT * FROM delivery")
    db.execute_sql("DROP TABLE delivery")
    db.create_tables([Delivery])
    move_deliveries(db)
    db.execute_sql("DROP TABLE delivery_before")
    keep_figures(db, EntryFigures)
    for column in ("views", "reactions", "comments"):
        db.execute_sql(f"ALTER TABLE entry DROP COLUMN {column}")
    for column in ("secret", "former_secret", "address", "address_disabled"):
        db.execute_sql(f"ALTER TABLE residents_group DROP COLUMN {column}")
    db.execute_sql("ALTER TABLE decision RENAME COLUMN key TO idempotency_key")
    db.execute_sql("DROP INDEX decision_key")
    db.execute_sql(
        "CREATE UNIQUE INDEX decision_idempotency_key ON decision (idempotency_key)"
    )
    shorten_rules(migrator, db)


def connect(db, Connection):
    """Each group has its webhook, as it had before: its secrets verify what comes in."""
    columns = "id, secret, former_secret, address, address_disabled"
    for id, secret, former, address, disabled in db.execute_sql(
        f"SELECT {columns} FROM residents_group ORDER BY id"
    ).fetchall():
        Connection.create(
            group=id,
            platform="webhook",
            settings={"address": address} if address else {},
            secrets={"current": secret} | ({"former": former} if former else {}),
            state="off" if disabled else "on",
            state_reason=disabled or "",
        )


def move_deliveries(db):
    """In their order: of one entry's, none is sent before an earlier one."""
    columns = "kind, decision_id, entry_id, idempotency_key, state, due, attempts, begun"
    db.execute_sql(
        f"INSERT INTO delivery (connection_id, {columns}, last_error, settled)"
        " SELECT connection.id, 'decision', decision_id, entry_id, key, delivery_before.state, due,"
        " attempts, attempts > 0, last_error, settled FROM delivery_before"
        " JOIN connection ON connection.group_id = delivery_before.group_id"
        " ORDER BY delivery_before.id"
    )


def keep_figures(db, EntryFigures):
    """What was told last, on the day on which it was told."""
    last = 0
    while chunk := db.execute_sql(
        "SELECT id, content_time, views, reactions, comments FROM entry WHERE id >"
        f" {db.param} AND views + reactions + comments > 0 ORDER BY id LIMIT {CHUNK}",
        (last,),
    ).fetchall():
        last = chunk[-1][0]
        EntryFigures.insert_many(
            {
                "entry": id,
                "day": moment(told).astimezone(WARSAW).date(),
                "views": views,
                "reactions": reactions,
                "comments": comments,
                "told": told,
            }
            for id, told, views, reactions, comments in chunk
        ).execute()


def moment(value):
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def shorten_rules(migrator, db):
    migrator.migrate(migrator.add_column("rule", "short", CharField(max_length=14, default="")))
    update = f"UPDATE rule SET short = {db.param} WHERE id = {db.param}"
    for id, code, name in db.execute_sql("SELECT id, code, name FROM rule").fetchall():
        db.execute_sql(update, (SHORT.get(code) or cut(name), id))


def cut(name):
    if len(name) <= 14:
        return name
    return name[:15].rpartition(" ")[0].rstrip(" –-/,") or name[:14]
