"""What groups are called in their platform's addresses; which post or comment an entry's url names."""

from peewee import CharField, ForeignKeyField, Model

# Not frozen: the keys must be as the code reads them that searches for them.
from console.text.addresses import read

CHUNK = 1000
ENTRIES = (
    "SELECT id, url FROM entry WHERE id > {0}"
    " AND (lower(url) LIKE '%%facebook.com%%' OR lower(url) LIKE '%%fb.com%%')"
    " ORDER BY id LIMIT {0}"
)


def up(migrator, db):
    class Row(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Group(Row):
        class Meta:
            table_name = "residents_group"

    class GroupAlias(Row):
        group = ForeignKeyField(Group)
        name = CharField(unique=True)

    db.create_tables([GroupAlias])
    db.execute_sql("ALTER TABLE entry ADD COLUMN address_key VARCHAR(255) NOT NULL DEFAULT ''")
    read_addresses(db)
    db.execute_sql(
        "CREATE INDEX entry_address_key ON entry (group_id, address_key) WHERE address_key != ''"
    )


def read_addresses(db):
    last = 0
    update = "UPDATE entry SET address_key = {0} WHERE id = {0}".format(db.param)
    while chunk := db.execute_sql(ENTRIES.format(db.param), (last, CHUNK)).fetchall():
        last = chunk[-1][0]
        for id, url in chunk:
            if key := read(url).key:
                db.execute_sql(update, (key, id))
