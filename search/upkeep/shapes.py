"""Indices that were made of documents of another version of the platform: each is made anew by itself, by a job.

A new version may say more of a document (its picture), or make other lexemes of it. ``search.engine.SHAPE`` counts
these; a finished ``Rebuild`` says of which shape the index of an engine is. Until it is made anew it answers as it is.
"""

import logging
from dataclasses import dataclass

from django.db.models import QuerySet

from content_library.models import Resource
from govplatform.confidentiality.queries import is_held_elsewhere
from govplatform.refusals import Refused

from ..engine import SHAPE, Engine, EngineError
from ..engines.choosing import all_engines
from ..models import Rebuild, SearchDocument
from ..rebuilding import lock_name, rebuild_search

logger = logging.getLogger("govplatform.search")


@dataclass(frozen=True)
class Behind:
    """An index of an older shape. ``run``: the rebuild that was begun; ``at_work``: somebody does it at this moment."""

    engine: str
    run: Rebuild | None
    at_work: bool

    @property
    def engine_words(self) -> str:
        """What people call the engine."""
        return Rebuild(engine=self.engine).engine_words


def engines_behind() -> list[Engine]:
    """Return the engines whose index is of another shape, the one that is asked first; none while nothing is public."""
    if not SearchDocument.objects.exists() and not Resource.objects.exists():
        return []
    made = set(_finished().values_list("engine", flat=True))
    return [engine for engine in reversed(all_engines()) if engine.name not in made]


def indices_behind() -> list[Behind]:
    """Return the same with how far each is."""
    begun = {run.engine: run for run in Rebuild.objects.filter(site="", shape=SHAPE, finished_at=None)}
    return [
        Behind(engine.name, begun.get(engine.name), is_held_elsewhere(lock_name(engine))) for engine in engines_behind()
    ]


def make_indices_anew() -> None:
    """Make every index anew that is of another shape; what was broken off goes on where it was."""
    for engine in engines_behind():
        try:
            # Documents have been written anew for the first of several engines.
            rebuild_search(engine, write_documents=not _finished().exists())
        except (EngineError, Refused) as problem:
            # The next minute tries again; somebody else may be at it.
            logger.warning("the index of %s is not made anew: %s", engine.name, problem)


def _finished() -> QuerySet[Rebuild]:
    return Rebuild.objects.filter(site="", shape=SHAPE, finished_at__isnull=False)
