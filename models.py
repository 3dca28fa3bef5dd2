"""The tables, with their constraints, predicates and query scopes.

What touches two tables is a verb, and stands in a module of console/.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from peewee import (
    SQL,
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    ModelSelect,
    TextField,
)

from console.storage import InstantField, Row, now, partial_index

# --- people ---------------------------------------------------------------------------------------


class User(Row):
    ADMINISTRATOR, MODERATOR = "administrator", "moderator"

    name = CharField(unique=True)
    password_hash = CharField()
    role = CharField(default=MODERATOR)
    active = BooleanField(default=True)
    demo = BooleanField(default=False)
    language = CharField(default="pl")
    created = InstantField(default=now)

    # The other ends of foreign keys, which peewee adds.
    passkeys: ModelSelect[Passkey]

    class Meta:
        table_name = "user_account"  # "user" is a reserved word of PostgreSQL

    @property
    def is_administrator(self) -> bool:
        return self.role == self.ADMINISTRATOR


class Session(Row):
    """A browser in which a user has signed in. It ends with its row, or unused for too long."""

    LONGEST = timedelta(days=14)

    user = ForeignKeyField(User, backref="sessions", on_delete="CASCADE")
    user_id: int
    key_hash = CharField(unique=True)  # of the key in the browser's cookie
    browser = CharField(default="")  # its name, "" for one that is not known
    system = CharField(default="")  # likewise
    address = CharField()  # where it was last seen
    idle_hours = IntegerField()  # unused for so long, it has ended
    created = InstantField(default=now)
    seen = InstantField(default=now)  # to a minute
    confirmed = InstantField(default=now)  # when its user last proved who they are

    @property
    def ends(self) -> datetime:
        """Unless it is used before."""
        return min(self.seen + timedelta(hours=self.idle_hours), self.created + self.LONGEST)


class SignInFailure(Row):
    account = CharField()
    address = CharField()  # or the name of a known browser
    at = InstantField(default=now)

    class Meta:
        indexes = ((("account", "at"), False), (("address", "at"), False))


class OneTimeLink(Row):
    """Lets whoever holds it act as the user in one thing, once. Only the hash of it is kept."""

    PASSWORD = "password"  # to set a password; it lets them add a passkey, too

    user = ForeignKeyField(User, backref="links", on_delete="CASCADE")
    purpose = CharField(default=PASSWORD)
    token_hash = CharField(unique=True)
    made_by = ForeignKeyField(User, null=True, backref="made_links", index=False)  # none: a command
    created = InstantField(default=now)
    expires = InstantField()
    used = InstantField(null=True)


class Passkey(Row):
    """A public key whose other half a user's device keeps, and uses once it knows its user."""

    user = ForeignKeyField(User, backref="passkeys", on_delete="CASCADE")
    user_id: int
    handle = CharField()  # what devices call the user by; the same for all of a user's passkeys
    credential_id = TextField(unique=True)
    public_key = TextField()
    sign_count = BigIntegerField()  # 0 for ever where a device does not count
    name = CharField()
    created = InstantField(default=now)
    used = InstantField(null=True)


class AuditRecord(Row):
    """An act on who may do what here, or how it is done: on users, seats, rules, connections."""

    at = InstantField(default=now, index=True)
    by = ForeignKeyField(User, null=True, backref="audit_records", index=False)  # none: a command
    act = CharField()  # a key of ACTS in console/audit.py
    subject = CharField()  # whom or what it was done to, as it was called then
    detail = TextField(default="")  # what it is now, say; never a secret


# --- groups ---------------------------------------------------------------------------------------


class Municipality(Row):
    teryt = CharField(unique=True)
    name = CharField()
    nip = CharField(default="")  # its tax number: it buys, whichever office receives


class Group(Row):
    municipality = ForeignKeyField(Municipality, backref="groups")
    slug = CharField(unique=True)
    name = CharField()

    # The other ends of foreign keys, which peewee adds.
    rules: ModelSelect[Rule]
    aliases: ModelSelect[GroupAlias]
    contracts: ModelSelect[Contract]
    units: ModelSelect[Unit]
    profiles: ModelSelect[Profile]

    class Meta:
        table_name = "residents_group"


class GroupAlias(Row):
    """What the platform's addresses call a group: its number there, or its slug there."""

    group = ForeignKeyField(Group, backref="aliases")
    group_id: int
    name = CharField(unique=True)


class Seat(Row):
    """A moderator's right to one group."""

    user = ForeignKeyField(User, backref="seats", on_delete="CASCADE", index=False)
    user_id: int
    group = ForeignKeyField(Group, backref="seats", on_delete="CASCADE")
    group_id: int

    class Meta:
        indexes = ((("user", "group"), True),)


class Contract(Row):
    """A group's contract for the whitelist, from its first day to its last, both included."""

    group = ForeignKeyField(Group, backref="contracts")
    group_id: int
    starts = DateField()
    ends = DateField(null=True)
    monthly_price = IntegerField()  # grosz, gross
    number = CharField(default="")  # as it stands on the paper
    signed = DateField(null=True)
    receiver = CharField(default="")  # of the invoices: the town hall, or a unit
    receiver_id = CharField(default="")  # its NIP, or its internal ID

    def is_active_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


class InvoicedMonth(Row):
    """A month of a contract for which an invoice was issued elsewhere."""

    contract = ForeignKeyField(Contract, backref="invoiced", index=False)
    contract_id: int
    month = DateField()  # its first day
    gross = IntegerField()  # grosz
    by = ForeignKeyField(User, null=True, backref="invoiced", index=False)
    at = InstantField(default=now)

    class Meta:
        indexes = ((("contract", "month"), True),)


class Unit(Row):
    """An institution that publishes in a group: a school, a fire brigade, the council."""

    KINDS = (
        "authority",
        "auxiliary",
        "education",
        "culture",
        "sport",
        "safety",
        "welfare",
        "health",
        "utilities",
        "ngo",
    )

    group = ForeignKeyField(Group, backref="units")
    group_id: int
    kind = CharField()
    type = CharField()  # the member of its kind, in Polish: "OSP", "sołectwo"
    name = CharField()
    active = BooleanField(default=True)

    # The other end of a foreign key, which peewee adds.
    profiles: ModelSelect[Profile]


class Profile(Row):
    """An account on the platform that writes in a group; a resident's has no unit."""

    group = ForeignKeyField(Group, backref="profiles", index=False)
    group_id: int
    external_id = CharField()
    name = CharField()
    url = CharField(default="", max_length=2000)
    unit = ForeignKeyField(Unit, null=True, backref="profiles")
    unit_id: int | None
    active = BooleanField(default=True)
    # The unknown author of one entry that was added by hand; in nobody's statistics.
    nameless = BooleanField(default=False)
    # Since when the platform lets it publish without approval, as far as staff know.
    preapproved = InstantField(null=True)
    preapproved_by = ForeignKeyField(User, null=True, backref="preapproved", index=False)

    # The other ends of foreign keys, which peewee adds.
    notes: ModelSelect[Note]
    entries: ModelSelect[Entry]

    class Meta:
        indexes = ((("group", "external_id"), True),)


class Rule(Row):
    """A rule of a group. A retired rule stays on old decisions."""

    group = ForeignKeyField(Group, backref="rules", index=False)
    group_id: int
    code = CharField()
    name = CharField()
    short = CharField(max_length=14)  # for buttons and narrow columns
    position = IntegerField()
    retired = BooleanField(default=False)

    class Meta:
        indexes = ((("group", "code"), True),)


class Template(Row):
    """One version of a text that staff edit.

    Versions are only added, so what was once shown or printed can be looked up.
    """

    kind = CharField()  # "rule", "guidance", "reply", "letter", "document"
    group = ForeignKeyField(Group, null=True, backref="templates", index=False)  # null: all groups
    rule = ForeignKeyField(Rule, null=True, backref="templates", index=False)
    name = CharField(default="")  # tells apart those of one kind
    version = IntegerField(default=1)
    text = TextField()
    by = ForeignKeyField(User, null=True, backref="templates", index=False)
    at = InstantField(default=now)

    class Meta:
        indexes = ((("kind", "group", "rule", "name", "version"), False),)


# --- entries --------------------------------------------------------------------------------------


class Entry(Row):
    """A post or a comment.

    A comment may arrive before its parent; `awaited_parent` is then the parent's external id.
    """

    PUBLISHED, HELD, REMOVED = "published", "held", "removed"
    POST, COMMENT = "post", "comment"
    TOPICS = (
        "official",
        "education",
        "culture",
        "sport",
        "safety",
        "welfare",
        "utilities",
        "community",
    )

    # In the platform's own queues of what waits for approval, of likely spam, and of what members
    # reported; or just visible.
    STANDS = PENDING, SPAM, REPORTED, VISIBLE = "pending", "spam", "reported", "published"

    group = ForeignKeyField(Group, backref="entries", index=False)
    group_id: int
    profile = ForeignKeyField(Profile, backref="entries", index=False)
    profile_id: int
    external_id = CharField()
    kind = CharField()
    parent = ForeignKeyField("self", null=True, backref="children")
    parent_id: int | None
    awaited_parent = CharField(null=True)
    text = TextField()
    url = CharField(default="", max_length=2000)
    address_key = CharField(default="")  # of the post or comment that `url` names; see Address
    links = JSONField(default=list)  # [url, …]
    media = JSONField(default=list)  # [{"type", "url", "alt"}, …]
    created = InstantField()
    received = InstantField(default=now)
    # Hash of the folded text: equal for texts that differ only in case, diacritics or spacing.
    fingerprint = CharField(max_length=32)

    state = CharField(default=PUBLISHED)
    # Optimistic lock: grows with each change that a decision must take into account.
    version = IntegerField(default=1)
    # A unit's post that is held: 2 where its topic is safety, 1 for any other; else 0.
    urgency = IntegerField(default=0)
    # It was urgent for as long as the setting says; now it stands below those that still are.
    overdue = BooleanField(default=False)
    held_since = InstantField(null=True)  # when it was held, on the platform or here
    held_known = InstantField(null=True)  # when that was known here
    # An actor of Decision; the reason is the platform's, staff's, or "failed" for screening.
    held_by = CharField(null=True)
    held_reason = TextField(default="")
    # When the oldest open report was made; null when none is open.
    reported_since = InstantField(null=True)
    whitelisted = BooleanField(default=False)
    whitelist_reason = CharField()
    topic = CharField(default="")  # one of TOPICS, "" for none
    topic_by = ForeignKeyField(User, null=True, backref="topics", index=False)  # null: guessed
    topic_by_id: int | None
    # Imported as history: searchable, in no list until it is held or reported anew.
    archived = BooleanField(default=False)

    # The user who added it by hand; null when it came from the platform.
    captured_by = ForeignKeyField(User, null=True, backref="captured", index=False)
    captured_by_id: int | None
    stands = CharField(default="")  # where on the platform that user saw it; one of STANDS

    # The platform's state, and its time of the newest content and state: older messages are ignored.
    content_time = InstantField()
    platform_state = CharField(default=PUBLISHED)
    platform_time = InstantField()

    # The other ends of foreign keys, which peewee adds.
    revisions: ModelSelect[Revision]
    completions: ModelSelect[Completion]
    reports: ModelSelect[Report]
    decisions: ModelSelect[Decision]
    violations: ModelSelect[Violation]
    hits: ModelSelect[Hit]
    deliveries: ModelSelect[Delivery]

    class Meta:
        indexes = (
            (("group", "external_id"), True),
            (("profile", "created"), False),
            (("group", "fingerprint", "created"), False),
            (("group", "url"), False),
        )

    @property
    def is_published(self) -> bool:
        return self.state == self.PUBLISHED

    @property
    def is_held(self) -> bool:
        return self.state == self.HELD

    @property
    def is_removed(self) -> bool:
        return self.state == self.REMOVED

    @property
    def is_reported(self) -> bool:
        return self.reported_since is not None

    # Partial indexes are used only where the query shows the same literal, not a parameter.
    @classmethod
    def held(cls):
        return (cls.state == SQL("'held'")) & cls.is_live()

    @classmethod
    def reported(cls):
        return cls.reported_since.is_null(False) & cls.is_live()

    @classmethod
    def has_topic(cls):
        return cls.topic != SQL("''")

    @classmethod
    def has_address_key(cls):
        return cls.address_key != SQL("''")

    @classmethod
    def incoming(cls):
        return (cls.whitelisted == SQL("true")) & cls.is_live()

    @classmethod
    def is_live(cls):
        return cls.archived == SQL("false")

    @classmethod
    def below(cls, ids):
        """A CTE of (root_id, id): what answers each of these entries, what answers that, and on."""
        child = cls.alias()
        first = cls.select(cls.parent, cls.id).where(cls.parent.in_(ids))
        # UNION drops what was found already, so parents that form a circle end it.
        below = first.cte("below", recursive=True, columns=("root_id", "id"))
        further = child.select(below.c.root_id, child.id)
        return below.union(further.join(below, on=(child.parent == below.c.id)))


for lead, tail in ((), ""), ((Entry.group,), "_of_group"):
    held = *lead, Entry.urgency, Entry.overdue, Entry.held_since, Entry.id
    reported = *lead, Entry.reported_since, Entry.id
    incoming = *lead, Entry.received, Entry.created, Entry.id
    partial_index("entry_held" + tail, *held, where=Entry.held())
    partial_index("entry_reported" + tail, *reported, where=Entry.reported())
    partial_index("entry_incoming" + tail, *incoming, where=Entry.incoming())
partial_index(
    "entry_awaited_parent",
    Entry.group,
    Entry.awaited_parent,
    where=Entry.awaited_parent.is_null(False),
)
partial_index("entry_topic", Entry.topic, Entry.id, where=Entry.has_topic())
partial_index("entry_address_key", Entry.group, Entry.address_key, where=Entry.has_address_key())
Entry.add_index(Entry.index(Entry.received, Entry.id, name="entry_received"))
Entry.add_index(Entry.index(Entry.created, Entry.id, Entry.group, name="entry_created"))


class Revision(Row):
    """An entry's text, links and media before its author edited them."""

    entry = ForeignKeyField(Entry, backref="revisions")
    text = TextField()
    links = JSONField(default=list)
    media = JSONField(default=list)
    replaced = InstantField(default=now)


class Media(Row):
    """A picture of the console's own: a screenshot of what staff saw. Re-encoded, without metadata."""

    entry = ForeignKeyField(Entry, backref="pictures", on_delete="CASCADE")
    entry_id: int
    data = BlobField()
    content_type = CharField()
    width = IntegerField()
    height = IntegerField()
    by = ForeignKeyField(User, null=True, backref="pictures", index=False)
    created = InstantField(default=now)


class Completion(Row):
    """Staff added to an entry what was not known when it was captured by hand."""

    TEXT, AUTHOR, ADDRESS = "text", "author", "address"

    entry = ForeignKeyField(Entry, backref="completions", on_delete="CASCADE")
    entry_id: int
    what = CharField()
    by = ForeignKeyField(User, backref="completions", index=False)
    at = InstantField(default=now)


class EntryFigures(Row):
    """An entry's running totals on one day in Warsaw, from that day's newest message.

    Null: unknown, the platform did not report it. A day's gain is the difference to the row before.
    """

    COUNTED = "views", "reactions", "comments", "shares"

    entry = ForeignKeyField(Entry, backref="figures", index=False, on_delete="CASCADE")
    day = DateField()
    views = IntegerField(null=True)
    reactions = IntegerField(null=True)
    comments = IntegerField(null=True)
    shares = IntegerField(null=True)
    told = InstantField()  # the timestamp of the message

    class Meta:
        indexes = ((("entry", "day"), True),)


class Report(Row):
    """A user's complaint that an entry breaks the rules; open until a decision answers it."""

    OPEN, UPHELD, REJECTED = "open", "upheld", "rejected"
    # By its reporter; its entry was gone already, or it came with an archive.
    WITHDRAWN, MOOT = "withdrawn", "moot"

    group = ForeignKeyField(Group, backref="reports", index=False)
    group_id: int
    external_id = CharField()
    entry = ForeignKeyField(Entry, null=True, backref="reports")
    entry_id: int | None
    awaited_entry = CharField(null=True)
    reason = CharField(max_length=1000)
    note = TextField(default="")
    reporter_id = CharField()
    reporter_name = CharField()
    created = InstantField()
    received = InstantField(default=now)
    state = CharField(default=OPEN)
    withdrawn = InstantField(null=True)

    class Meta:
        indexes = ((("group", "external_id"), True), (("group", "reporter_id"), False))


partial_index(
    "report_awaited_entry",
    Report.group,
    Report.awaited_entry,
    where=Report.awaited_entry.is_null(False),
)


class Decision(Row):
    """A decision on an entry: from one state to another, or to the same. Rows are only added.

    The decisions of one entry form a chain: each starts in the state where the one before it ended,
    the first in "published", and the last ends in the entry's state. An undo is a decision that
    names the one it reverses.
    """

    STAFF, SCREENING, PLATFORM = "staff", "screening", "platform"
    AUTHOR = "author"  # of the entry, on the platform
    PLATFORM_STAFF = "platform-staff"  # the group's staff, on the platform itself
    STAFFS = STAFF, PLATFORM_STAFF
    OUTSIDE = PLATFORM, PLATFORM_STAFF, AUTHOR

    entry = ForeignKeyField(Entry, backref="decisions")
    entry_id: int
    profile = ForeignKeyField(Profile, backref="decisions", index=False)
    group = ForeignKeyField(Group, backref="decisions", index=False)
    verb = CharField()
    actor = CharField(default=STAFF)
    by = ForeignKeyField(User, null=True, backref="decisions")
    by_id: int | None
    from_state = CharField()
    to_state = CharField()
    undoes = ForeignKeyField("self", null=True, unique=True)
    undoes_id: int | None
    # The form's, so that a form sent twice decides once; null where automation decided.
    idempotency_key = CharField(null=True, unique=True)
    # The same for all that one form decided at once.
    batch = CharField(null=True)
    note = TextField(default="")
    happened = InstantField()  # on the platform or here
    at = InstantField(default=now)  # when it was known here

    # The other ends of foreign keys, which peewee adds.
    tagged: ModelSelect[Violation]
    untagged: ModelSelect[Violation]
    answers: ModelSelect[Answer]
    # The names of the rules that it tagged or untagged, where `with_rules` has added them.
    rules: list[str]

    class Meta:
        indexes = (
            (("group", "at"), False),
            (("profile", "actor", "verb", "from_state", "to_state"), False),
        )

    @property
    def is_staffs(self) -> bool:
        return self.actor == self.STAFF


partial_index("decision_batch", Decision.batch, where=Decision.batch.is_null(False))


class Violation(Row):
    """An entry broke a rule: tagged by one decision, perhaps untagged by a later one.

    It keeps the rule as it was on that day: its name, and the version of its text, if it had one.
    """

    entry = ForeignKeyField(Entry, backref="violations")
    rule = ForeignKeyField(Rule, backref="violations")
    rule_id: int
    rule_name = CharField()
    rule_text = ForeignKeyField(Template, null=True, backref="violations", index=False)
    rule_text_id: int | None
    tagged = ForeignKeyField(Decision, backref="tagged")
    untagged = ForeignKeyField(Decision, null=True, backref="untagged", index=False)


# With a full index the planner would read all rows whose "untagged" is null, which are most.
partial_index("violation_untagged", Violation.untagged, where=Violation.untagged.is_null(False))


class Answer(Row):
    """A decision answered a report with an outcome, a state of Report; an undo, with "open"."""

    report = ForeignKeyField(Report, backref="answers")
    report_id: int
    decision = ForeignKeyField(Decision, backref="answers")
    decision_id: int
    outcome = CharField()


class Event(Row):
    """A row of the live feed: an entry changed, or a user's access did. Deleted after a day."""

    # The entry came into the list of that name, or changed in another way.
    HELD, REPORTED, INCOMING, CHANGED = "held", "reported", "incoming", "changed"
    # These three leave its version as it was.
    REPORTED_AGAIN = "reported-again"
    RENEWED = "renewed"  # what its card shows changed, and not its version
    DELIVERY = "delivery"  # only what is to be done outside went on
    USER = "user"  # the user's seats changed, or a session of theirs ended

    kind = CharField()
    entry = ForeignKeyField(Entry, null=True, backref="events", index=False)
    user = ForeignKeyField(User, null=True, backref="events", index=False)
    session = CharField(default="")  # the one that ended; "" when it may be any
    at = InstantField(default=now, index=True)


class WrongHold(Row):
    """The platform held a unit's post, and staff released it: what it was then."""

    entry = ForeignKeyField(Entry, unique=True, backref="wrong_holds", on_delete="CASCADE")
    group = ForeignKeyField(Group, backref="wrong_holds", index=False)
    profile = ForeignKeyField(Profile, backref="wrong_holds", index=False)
    decision = ForeignKeyField(Decision, backref="wrong_holds", index=False)
    reason = TextField(default="")  # the platform's
    stood = CharField(default="")  # one of Entry.STANDS, "" where that is not known
    text = TextField()
    links = JSONField(default=list)  # [url, …]
    domains = JSONField(default=list)  # [domain, …], of the links
    length = IntegerField()  # characters
    hour = IntegerField()  # of its publication, in Warsaw
    preapproved = BooleanField()  # its profile, as far as staff knew
    held = InstantField()
    released = InstantField()


# --- intake ---------------------------------------------------------------------------------------


class Share(Row):
    """What was shared to the console by a browser that had to sign in first. Kept for minutes."""

    LONGEST = timedelta(minutes=10)

    token_hash = CharField(unique=True)
    address = CharField()  # of a stranger, or their network; "" of who had signed in
    title = TextField(default="")
    text = TextField(default="")
    url = TextField(default="")
    picture = BlobField(null=True)  # as it came
    created = InstantField(default=now, index=True)


# --- screening ------------------------------------------------------------------------------------


class Screener(Row):
    """An automatic check of what comes in; console/screening describes each kind's settings."""

    ON, SHADOW, OFF = "on", "shadow", "off"  # "shadow": on trial, its hits hold nothing

    group = ForeignKeyField(Group, null=True, backref="screeners")  # null: every group
    group_id: int | None
    name = CharField()
    kind = CharField()
    mode = CharField(default=ON)
    version = IntegerField(default=1)
    rule = CharField()  # the code of the rule that it suggests
    settings = JSONField(default=dict)
    changed = InstantField(default=now)


class Hit(Row):
    """What a screener found in an entry's text; `revision`: in the text before that edit."""

    entry = ForeignKeyField(Entry, backref="hits")
    revision = ForeignKeyField(Revision, null=True, backref="hits", index=False)
    revision_id: int | None
    screener = ForeignKeyField(Screener, backref="hits", index=False)
    screener_version = IntegerField()
    mode = CharField()
    start = IntegerField()
    end = IntegerField()
    form = CharField()
    base = CharField()
    cue = CharField(default="")


partial_index("hit_of_screener", Hit.screener, Hit.entry, where=Hit.revision.is_null())


class Replay(Row):
    """A trial run of a screener, saved or not, over the newest entries: what it would have held."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    screener = ForeignKeyField(Screener, null=True, backref="replays", on_delete="CASCADE")
    screener_id: int | None
    group = ForeignKeyField(Group, null=True, backref="replays", index=False)
    group_id: int | None
    by = ForeignKeyField(User, backref="replays", index=False)
    # A screener as its form had it, saved or not; newest: the id it starts from, going back.
    spec = JSONField()
    state = CharField(default=WAITING)
    total = IntegerField(default=0)
    checked = IntegerField(default=0)
    stopped = IntegerField(default=0)
    stopped_released = IntegerField(default=0)  # of those: released by staff
    stopped_units = IntegerField(default=0)  # of those: written by a unit
    examples = JSONField(default=list)  # [entry's id, …]
    created = InstantField(default=now)
    finished = InstantField(null=True)


# --- queue ----------------------------------------------------------------------------------------


class Note(Row):
    """A remark of staff about an author, for other staff."""

    profile = ForeignKeyField(Profile, backref="notes")
    by = ForeignKeyField(User, backref="notes", index=False)
    by_id: int
    text = TextField()
    at = InstantField(default=now)


# --- platforms ------------------------------------------------------------------------------------


class Connection(Row):
    """How a group is connected to its platform."""

    ON, OFF = "on", "off"

    group = ForeignKeyField(Group, unique=True, backref="connections")
    group_id: int
    platform = CharField()  # a name in console/platforms
    # Both as the platform's module describes them.
    settings = JSONField(default=dict)
    secrets = JSONField(default=dict)
    state = CharField(default=ON)
    state_reason = CharField(default="")
    rests_until = InstantField(null=True)  # after a time-out nothing is sent until then


class Delivery(Row):
    """A row of the transactional outbox: something to be done on a group's platform."""

    PENDING, DELIVERED = "pending", "delivered"  # done by the worker
    TO_DO, DONE, NOT_POSSIBLE = "to-do", "done", "not-possible"  # done by a person
    CANCELLED, FAILED = "cancelled", "failed"
    RECORDED = "recorded"  # only old rows, of groups that had no connection then

    connection = ForeignKeyField(Connection, backref="deliveries", index=False)
    connection_id: int
    kind = CharField()  # what is to be done; "decision": notify the platform of the decision
    decision = ForeignKeyField(Decision, null=True, backref="deliveries", index=False)
    decision_id: int | None
    entry = ForeignKeyField(Entry, null=True, backref="deliveries")
    entry_id: int | None
    profile = ForeignKeyField(Profile, null=True, backref="deliveries", index=False)
    profile_id: int | None
    idempotency_key = CharField(unique=True)
    state = CharField(default=PENDING)
    due = InstantField()  # not before this; while it is being sent: the end of the lease
    attempts = IntegerField(default=0)
    begun = BooleanField(default=False)  # an attempt may have reached the platform
    last_error = TextField(default="")
    settled = InstantField(null=True)
    settled_by = ForeignKeyField(User, null=True, backref="settled", index=False)
    # What a person must do, a task: how urgent its entry was, and who last opened it to do it.
    urgency = IntegerField(default=0)
    opened = InstantField(null=True)
    opened_by = ForeignKeyField(User, null=True, backref="opened", index=False)

    class Meta:
        indexes = ((("decision", "kind"), True),)

    @classmethod
    def pending(cls):
        return cls.state == SQL("'pending'")

    @classmethod
    def failed(cls):
        return cls.state == SQL("'failed'")

    @classmethod
    def to_do(cls):
        return cls.state == SQL("'to-do'")


partial_index("delivery_pending", Delivery.due, Delivery.id, where=Delivery.pending())
partial_index("delivery_failed", Delivery.decision, where=Delivery.failed())
for of, tail in ((), ""), ((Delivery.connection,), "_of_connection"):
    in_order = *of, Delivery.urgency.desc(), Delivery.due, Delivery.id
    partial_index("delivery_to_do" + tail, *in_order, where=Delivery.to_do())
partial_index("delivery_to_do_due", Delivery.due, where=Delivery.to_do())


class Round(Row):
    """A queue of a group's platform, which no API shows, so somebody walks through it regularly."""

    group = ForeignKeyField(Group, backref="rounds", index=False, on_delete="CASCADE")
    group_id: int
    queue = CharField()  # a name in console/platforms/rounds.py
    due = InstantField(index=True)  # when it is to be looked at next
    signalled = InstantField(null=True)  # the platform's mail says that there is something to see
    checked = InstantField(null=True)
    checked_by = ForeignKeyField(User, null=True, backref="rounds", index=False)
    checked_by_id: int | None
    found = IntegerField(null=True)  # at that look

    class Meta:
        indexes = ((("group", "queue"), True),)


class RoundCheck(Row):
    """A look at a queue. Rows are only added."""

    round = ForeignKeyField(Round, backref="checks", on_delete="CASCADE")
    by = ForeignKeyField(User, backref="round_checks", index=False)
    at = InstantField(default=now)
    found = IntegerField()


class MailSignal(Row):
    """A mail of Facebook's that was read, so that it is taken once. Nothing in it is proved."""

    mail = CharField(unique=True)  # the id of console/text/facebook_mail.py
    received = InstantField(default=now, index=True)
    sender = CharField()  # a domain
    subject = CharField(max_length=300)
    group = ForeignKeyField(  # null: not recognized
        Group, null=True, backref="mail_signals", index=False, on_delete="CASCADE"
    )
    queue = CharField()  # as in Round


# --- health ---------------------------------------------------------------------------------------


class Beat(Row):
    """When something last happened that must happen again and again."""

    WORKER, BACKUP = "worker", "backup"

    name = CharField(unique=True)
    at = InstantField()


TABLES = Row.__subclasses__()
