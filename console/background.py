"""The queue of background tasks (huey), which the worker runs.

A task is only a hint: what is to be done stands in a row of its own, and jobs.py finds the rows whose
task was lost.
"""

from huey.api import Huey
from huey.contrib.sql_huey import SqlStorage
from huey.storage import BlackHoleStorage
from peewee import Database

huey = Huey("furtka", storage_class=BlackHoleStorage, results=False)


def bind(database: Database) -> None:
    """Keeps the tasks in the console's own database."""
    huey.storage = SqlStorage("furtka", database=database, create_tables=False)
