"""Links that let a user set a password once; passkeys."""

from peewee import BigIntegerField, CharField, DateTimeField, ForeignKeyField, Model, TextField


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

    class OneTimeLink(Row):
        user = ForeignKeyField(User, on_delete="CASCADE")
        purpose = CharField()
        token_hash = CharField(unique=True)
        made_by = ForeignKeyField(User, null=True, index=False)
        created = InstantField()
        expires = InstantField()
        used = InstantField(null=True)

    class Passkey(Row):
        user = ForeignKeyField(User, on_delete="CASCADE")
        handle = CharField()
        credential_id = TextField(unique=True)
        public_key = TextField()
        sign_count = BigIntegerField()
        name = CharField()
        created = InstantField()
        used = InstantField(null=True)

    db.create_tables([OneTimeLink, Passkey])
