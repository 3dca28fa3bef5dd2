"""The queue of background tasks (huey), which the worker runs.

A task is only a hint: what is to be done stands in a row of its own, and jobs.py finds the rows whose
task was lost.

huey stores tasks as pickles, which run code when they are read, so each is signed: whoever can write
the database, but does not have the secret key, gets nothing run. A task without our signature (of an
older version, or from before the key changed) is dropped, and the worker's log says so.
"""

from huey.api import Huey
from huey.contrib.sql_huey import SqlStorage
from huey.serializer import SignedSerializer
from huey.storage import BlackHoleStorage
from peewee import Database

from console import config

huey = Huey("furtka", storage_class=BlackHoleStorage, results=False)


def bind(database: Database) -> None:
    """Keeps the tasks in the console's own database."""
    huey.serializer = SignedSerializer(config.settings().secret_key, salt="furtka.tasks")
    huey.storage = SqlStorage("furtka", database=database, create_tables=False)
