"""The live feed, notes about authors, and replays of screeners."""

from peewee import (
    CharField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)


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

    class Screener(Row):
        pass

    class Replay(Row):
        screener = ForeignKeyField(Screener, null=True, on_delete="CASCADE")
        group = ForeignKeyField(Group, null=True, index=False)
        by = ForeignKeyField(User, index=False)
        spec = JSONField()
        state = CharField()
        total = IntegerField()
        checked = IntegerField()
        stopped = IntegerField()
        stopped_released = IntegerField()
        stopped_units = IntegerField()
        examples = JSONField()
        created = InstantField()
        finished = InstantField(null=True)

    class Event(Row):
        kind = CharField()
        entry = ForeignKeyField(Entry, null=True, index=False)
        user = ForeignKeyField(User, null=True, index=False)
        session = CharField()
        at = InstantField(index=True)

    class Note(Row):
        profile = ForeignKeyField(Profile)
        by = ForeignKeyField(User, index=False)
        text = TextField()
        at = InstantField()

    db.create_tables([Replay, Event, Note])
