"""What a process remembers from one test to the next."""

from typing import Any

from django.core.signals import setting_changed
from django.dispatch import receiver

#: What the renderer's application is put together from.
_OF_THE_APPLICATION = frozenset({"MIDDLEWARE", "STATIC_ROOT", "WHITENOISE_USE_FINDERS"})


@receiver(setting_changed)
def put_together_anew(setting: str, **_named: Any) -> None:
    """A test that serves static files in another way renders with them, whoever has rendered in this process before."""
    if setting in _OF_THE_APPLICATION:
        from govplatform.rendering import renderer

        renderer._handler.cache_clear()


def leave_no_traces() -> None:
    """Empty the caches of this process."""
    from django.core.cache import caches
    from django.urls import set_urlconf

    from content_library.vocabularies import snapshot
    from govplatform.tenancy import content_types, hosts
    from search import terms
    from search.engines import choosing
    from search.indexing import actions as indexing

    # An answer that a test reads and does not close leaves its host's addresses behind.
    set_urlconf(None)
    # A cluster that was killed in one test would not be told of publications in the first seconds of the next.
    indexing._asked_again = 0.0
    choosing._cluster.cache_clear()
    snapshot.forget_terms()
    terms._offices = None
    hosts.forget_hosts()
    content_types.cache.clear_all()
    for cache in caches.all():
        cache._cache.clear() if hasattr(cache, "_cache") else None
        cache._expire_info.clear() if hasattr(cache, "_expire_info") else None
