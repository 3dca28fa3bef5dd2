"""The queue of background tasks, below the rooms that put something into it.

The rows are the truth: a task only has the worker look at one of them sooner. What is done by the
clock stands in jobs.py.
"""

from huey.api import Huey
from huey.contrib.sql_huey import SqlStorage
from huey.storage import BlackHoleStorage
from peewee import Database

huey = Huey("furtka", storage_class=BlackHoleStorage, results=False)


def bind(database: Database) -> None:
    """Lets the tasks wait in the console's own database."""
    huey.storage = SqlStorage("furtka", database=database, create_tables=False)
