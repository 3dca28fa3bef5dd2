"""What an invoice needs: buyer, receiver, number of the contract; which months were invoiced."""

from peewee import DateField, DateTimeField, ForeignKeyField, IntegerField, Model

COLUMNS = (
    "municipality ADD COLUMN nip VARCHAR(255) NOT NULL DEFAULT ''",
    "contract ADD COLUMN number VARCHAR(255) NOT NULL DEFAULT ''",
    "contract ADD COLUMN signed DATE",
    "contract ADD COLUMN receiver VARCHAR(255) NOT NULL DEFAULT ''",
    "contract ADD COLUMN receiver_id VARCHAR(255) NOT NULL DEFAULT ''",
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

    class Contract(Row):
        pass

    class InvoicedMonth(Row):
        contract = ForeignKeyField(Contract, index=False)
        month = DateField()
        gross = IntegerField()
        by = ForeignKeyField(User, null=True, index=False)
        at = InstantField()

        class Meta:
            indexes = ((("contract", "month"), True),)

    for column in COLUMNS:
        db.execute_sql(f"ALTER TABLE {column}")
    db.create_tables([InvoicedMonth])
