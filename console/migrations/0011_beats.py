"""When the worker last lived, and when the last backup was made."""

from peewee import CharField, DateTimeField, Model


class InstantField(DateTimeField):
    field_type = "TIMESTAMPTZ"


def up(migrator, db):
    class Row(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Beat(Row):
        name = CharField(unique=True)
        at = InstantField()

    db.create_tables([Beat])
