"""The acts of administrators."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model, TextField


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

    class AuditRecord(Row):
        at = InstantField(index=True)
        by = ForeignKeyField(User, null=True, index=False)
        act = CharField()
        subject = CharField()
        detail = TextField()

    db.create_tables([AuditRecord])
