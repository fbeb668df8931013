"""Which engine answers: PostgreSQL's own, or the one that ``settings.SEARCH_URL`` names."""

from functools import cache

from django.conf import settings

from ..engine import Engine
from .postgres import PostgresEngine


@cache
def own_engine() -> Engine:
    """Return the engine in PostgreSQL. Its index is always kept: it answers when another one does not."""
    return PostgresEngine()


def chosen_engine() -> Engine:
    """Return the engine that is asked first."""
    return _cluster(settings.SEARCH_URL) if settings.SEARCH_URL else own_engine()


def all_engines() -> list[Engine]:
    """Return every engine that is kept, PostgreSQL's own first."""
    return list({engine.name: engine for engine in (own_engine(), chosen_engine())}.values())


def engine_called(name: str) -> Engine:
    """Return the engine of that name. Raises KeyError for one that is not set up."""
    return {engine.name: engine for engine in all_engines()}[name]


@cache
def _cluster(addresses: str) -> Engine:
    """One for the process: it keeps its connections."""
    # Not above: the client is the largest of all packages, and an installation without a cluster never needs it.
    from .elasticsearch import ElasticsearchEngine

    return ElasticsearchEngine()
