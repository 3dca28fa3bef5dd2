"""Sessions are rows. Those that were begun before it have none, so they end."""

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, Model


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

    class Session(Row):
        user = ForeignKeyField(User, on_delete="CASCADE")
        key_hash = CharField(unique=True)
        browser = CharField()
        system = CharField()
        address = CharField()
        idle_hours = IntegerField()
        created = InstantField()
        seen = InstantField()
        confirmed = InstantField()

    db.create_tables([Session])
    db.execute_sql("ALTER TABLE user_account DROP COLUMN session_key")
