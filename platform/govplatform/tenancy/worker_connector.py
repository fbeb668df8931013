"""How workers talk to the queue: fetching jobs on connections of their own, queuing what a job asks for on the job's.

Procrastinate's connector for workers would queue that on a connection of its own too. It would be there before the
transaction of the job has ended: begun before what it is about can be seen, and carried out though all was undone.
"""

from procrastinate.connector import BaseConnector
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector


class WorkerConnector(PsycopgConnector):
    """The queue's own connections for whatever the worker does itself; Django's, with its transaction, for jobs."""

    def get_sync_connector(self) -> BaseConnector:
        """The connection of the thread that asks, in which its job runs."""
        return DjangoConnector()


def worker_connector() -> WorkerConnector:
    """A connector to Django's database; given to ``App.replace_connector``."""
    return WorkerConnector(kwargs=connector_params("default"))
