"""Everything of the demo is found from its first minute: the workers would need some, and a cluster an index."""

from django.utils.translation import gettext as _

from search.engine import EngineError
from search.engines.choosing import chosen_engine
from search.models import SearchDocument
from search.rebuilding import rebuild_search


def load_search() -> str:
    """Fill the index of the engine that answers, if it is not there; return a sentence when that failed, else ''."""
    engine = chosen_engine()
    if SearchDocument.objects.exists() and engine.health().ok:
        return ""
    try:
        rebuild_search(engine)
    except EngineError as problem:
        return _("检索集群没有就绪，暂由数据库检索；可稍后执行 rebuild_search。（%(why)s）") % {"why": problem}
    return ""
