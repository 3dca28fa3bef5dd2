"""Mails of Facebook's to administrators that were read, and what they seemed to say."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model


class InstantField(DateTimeField):
    field_type = "TIMESTAMPTZ"


def up(migrator, db):
    class Row(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Group(Row):
        class Meta:
            table_name = "residents_group"

    class MailSignal(Row):
        mail = CharField(unique=True)
        received = InstantField(index=True)
        sender = CharField()
        subject = CharField(max_length=300)
        group = ForeignKeyField(Group, null=True, index=False, on_delete="CASCADE")
        queue = CharField()

    db.create_tables([MailSignal])
