"""Every table of the first version. A frozen copy: it stays as it is when models.py moves on."""

from peewee import (
    SQL,
    BooleanField,
    CharField,
    DateField,
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
        name = CharField(unique=True)
        password_hash = CharField()
        role = CharField()
        active = BooleanField()
        demo = BooleanField()
        session_key = CharField()
        language = CharField()
        created = InstantField()

        class Meta:
            table_name = "user_account"

    class SignInFailure(Row):
        account = CharField()
        address = CharField()
        at = InstantField()

        class Meta:
            indexes = ((("account", "at"), False), (("address", "at"), False))

    class Municipality(Row):
        teryt = CharField(unique=True)
        name = CharField()

    class Group(Row):
        municipality = ForeignKeyField(Municipality)
        slug = CharField(unique=True)
        name = CharField()
        secret = CharField()
        former_secret = CharField(null=True)
        address = CharField(null=True, max_length=2000)
        address_disabled = CharField(null=True)

        class Meta:
            table_name = "residents_group"

    class Seat(Row):
        user = ForeignKeyField(User, on_delete="CASCADE", index=False)
        group = ForeignKeyField(Group, on_delete="CASCADE")

        class Meta:
            indexes = ((("user", "group"), True),)

    class Contract(Row):
        group = ForeignKeyField(Group)
        starts = DateField()
        ends = DateField(null=True)
        monthly_price = IntegerField()

    class Unit(Row):
        group = ForeignKeyField(Group)
        kind = CharField()
        type = CharField()
        name = CharField()
        active = BooleanField()

    class Profile(Row):
        group = ForeignKeyField(Group, index=False)
        external_id = CharField()
        name = CharField()
        url = CharField(max_length=2000)
        unit = ForeignKeyField(Unit, null=True)
        active = BooleanField()

        class Meta:
            indexes = ((("group", "external_id"), True),)

    class Rule(Row):
        group = ForeignKeyField(Group, index=False)
        code = CharField()
        name = CharField()
        position = IntegerField()
        retired = BooleanField()

        class Meta:
            indexes = ((("group", "code"), True),)

    class Entry(Row):
        group = ForeignKeyField(Group, index=False)
        profile = ForeignKeyField(Profile, index=False)
        external_id = CharField()
        kind = CharField()
        parent = ForeignKeyField("self", null=True)
        awaited_parent = CharField(null=True)
        text = TextField()
        url = CharField(max_length=2000)
        links = JSONField()
        media = JSONField()
        created = InstantField()
        received = InstantField()
        fingerprint = CharField(max_length=32)
        state = CharField()
        version = IntegerField()
        urgency = IntegerField()
        held_since = InstantField(null=True)
        held_by = CharField(null=True)
        held_reason = TextField()
        reported_since = InstantField(null=True)
        whitelisted = BooleanField()
        whitelist_reason = CharField()
        captured_by = ForeignKeyField(User, null=True, index=False)
        content_time = InstantField()
        platform_state = CharField()
        platform_time = InstantField()
        views = IntegerField()
        reactions = IntegerField()
        comments = IntegerField()

        class Meta:
            indexes = (
                (("group", "external_id"), True),
                (("profile", "created"), False),
                (("group", "fingerprint", "created"), False),
                (("group", "url"), False),
            )

    class Revision(Row):
        entry = ForeignKeyField(Entry)
        text = TextField()
        links = JSONField()
        media = JSONField()
        replaced = InstantField()

    class Report(Row):
        group = ForeignKeyField(Group, index=False)
        external_id = CharField()
        entry = ForeignKeyField(Entry, null=True)
        awaited_entry = CharField(null=True)
        reason = CharField(max_length=1000)
        note = TextField()
        reporter_id = CharField()
        reporter_name = CharField()
        created = InstantField()
        received = InstantField()
        state = CharField()

        class Meta:
            indexes = ((("group", "external_id"), True),)

    class Screener(Row):
        group = ForeignKeyField(Group, null=True)
        name = CharField()
        kind = CharField()
        mode = CharField()
        version = IntegerField()
        rule = CharField()
        settings = JSONField()
        changed = InstantField()

    class Match(Row):
        entry = ForeignKeyField(Entry)
        revision = ForeignKeyField(Revision, null=True, index=False)
        screener = ForeignKeyField(Screener, index=False)
        screener_version = IntegerField()
        mode = CharField()
        start = IntegerField()
        end = IntegerField()
        form = CharField()
        base = CharField()
        cue = CharField()

    class Decision(Row):
        entry = ForeignKeyField(Entry)
        profile = ForeignKeyField(Profile, index=False)
        group = ForeignKeyField(Group, index=False)
        verb = CharField()
        actor = CharField()
        by = ForeignKeyField(User, null=True)
        from_state = CharField()
        to_state = CharField()
        undoes = ForeignKeyField("self", null=True, unique=True)
        key = CharField(null=True, unique=True)
        note = TextField()
        at = InstantField()

        class Meta:
            indexes = ((("group", "at"), False), (("profile", "actor", "verb", "from_state", "to_state"), False))

    class Violation(Row):
        entry = ForeignKeyField(Entry)
        rule = ForeignKeyField(Rule)
        tagged = ForeignKeyField(Decision)
        untagged = ForeignKeyField(Decision, null=True, index=False)

    class Answer(Row):
        report = ForeignKeyField(Report)
        decision = ForeignKeyField(Decision)
        outcome = CharField()

    class Delivery(Row):
        decision = ForeignKeyField(Decision, unique=True)
        entry = ForeignKeyField(Entry)
        group = ForeignKeyField(Group, index=False)
        key = CharField(unique=True)
        state = CharField()
        due = InstantField()
        attempts = IntegerField()
        last_error = TextField()
        settled = InstantField(null=True)

    held = Entry.state == SQL("'held'")
    reported = Entry.reported_since.is_null(False)
    incoming = Entry.whitelisted == SQL("true")
    for lead, tail in (((), ""), ((Entry.group,), "_of_group")):
        for name, key, where in (
            ("entry_held", (Entry.urgency, Entry.held_since), held),
            ("entry_reported", (Entry.reported_since,), reported),
            ("entry_incoming", (Entry.received,), incoming),
        ):
            Entry.add_index(Entry.index(*lead, *key, Entry.id, where=where, name=name + tail))
    for model, field, name in (
        (Entry, Entry.awaited_parent, "entry_awaited_parent"),
        (Report, Report.awaited_entry, "report_awaited_entry"),
    ):
        awaited = field.is_null(False)
        model.add_index(model.index(model.group, field, where=awaited, name=name))
    was_untagged = Violation.untagged.is_null(False)
    Violation.add_index(
        Violation.index(Violation.untagged, where=was_untagged, name="violation_untagged")
    )
    pending = Delivery.state == SQL("'pending'")
    Delivery.add_index(
        Delivery.index(Delivery.due, Delivery.id, where=pending, name="delivery_pending")
    )
    db.create_tables(
        [
            User,
            SignInFailure,
            Municipality,
            Group,
            Seat,
            Contract,
            Unit,
            Profile,
            Rule,
            Entry,
            Revision,
            Report,
            Screener,
            Match,
            Decision,
            Violation,
            Answer,
            Delivery,
        ]
    )
