"""What staff added later to entries that they had captured without it."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model


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

    class Entry(Row):
        pass

    class Completion(Row):
        entry = ForeignKeyField(Entry, on_delete="CASCADE")
        what = CharField()
        by = ForeignKeyField(User, index=False)
        at = InstantField()

    db.create_tables([Completion])
