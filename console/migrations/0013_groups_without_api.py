"""What groups without an API need: where an entry stands there, tasks, rounds, own pictures."""

from peewee import (
    BlobField,
    BooleanField,
    CharField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

USER = "INTEGER REFERENCES user_account (id)"
COLUMNS = (
    "entry ADD COLUMN stands VARCHAR(255) NOT NULL DEFAULT ''",
    "profile ADD COLUMN nameless BOOLEAN NOT NULL DEFAULT false",
    "profile ADD COLUMN preapproved TIMESTAMPTZ",
    f"profile ADD COLUMN preapproved_by_id {USER}",
    "delivery ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0",
    "delivery ADD COLUMN opened TIMESTAMPTZ",
    f"delivery ADD COLUMN opened_by_id {USER}",
)
TO_DO = "WHERE state = 'to-do'"


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

    class Entry(Row):
        pass

    class Decision(Row):
        pass

    class Media(Row):
        entry = ForeignKeyField(Entry, on_delete="CASCADE")
        data = BlobField()
        content_type = CharField()
        width = IntegerField()
        height = IntegerField()
        by = ForeignKeyField(User, null=True, index=False)
        created = InstantField()

    class WrongHold(Row):
        entry = ForeignKeyField(Entry, unique=True, on_delete="CASCADE")
        group = ForeignKeyField(Group, index=False)
        profile = ForeignKeyField(Profile, index=False)
        decision = ForeignKeyField(Decision, index=False)
        reason = TextField()
        stood = CharField()
        text = TextField()
        links = JSONField()
        domains = JSONField()
        length = IntegerField()
        hour = IntegerField()
        preapproved = BooleanField()
        held = InstantField()
        released = InstantField()

    class Share(Row):
        token_hash = CharField(unique=True)
        address = CharField()
        title = TextField()
        text = TextField()
        url = TextField()
        picture = BlobField(null=True)
        created = InstantField(index=True)

    class Round(Row):
        group = ForeignKeyField(Group, index=False, on_delete="CASCADE")
        queue = CharField()
        due = InstantField(index=True)
        signalled = InstantField(null=True)
        checked = InstantField(null=True)
        checked_by = ForeignKeyField(User, null=True, index=False)
        found = IntegerField(null=True)

        class Meta:
            indexes = ((("group", "queue"), True),)

    class RoundCheck(Row):
        round = ForeignKeyField(Round, on_delete="CASCADE")
        by = ForeignKeyField(User, index=False)
        at = InstantField()
        found = IntegerField()

    db.create_tables([Media, WrongHold, Share, Round, RoundCheck])
    for column in COLUMNS:
        db.execute_sql(f"ALTER TABLE {column}")
    for statement in (
        f"CREATE INDEX delivery_to_do ON delivery (urgency DESC, due, id) {TO_DO}",
        "CREATE INDEX delivery_to_do_of_connection"
        f" ON delivery (connection_id, urgency DESC, due, id) {TO_DO}",
        f"CREATE INDEX delivery_to_do_due ON delivery (due) {TO_DO}",
    ):
        db.execute_sql(statement)
