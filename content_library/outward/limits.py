"""The limit of requests a minute from one client; the numbers are in ``settings.OUTWARD_LIMITS``."""

import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django_tenants.utils import schema_context

from govplatform.tenancy.client_address import client_address, client_network

_WINDOW = 60


def seconds_to_wait(request: HttpRequest, kind: str, *, network: bool = False) -> int:
    """Count the request; return 0 when it may be answered, else the seconds until the next one may be.

    Counted per client over all hosts of the platform, in the cache ``outward``; ``network``: per network of clients.
    """
    most = settings.OUTWARD_LIMITS[kind]
    now = time.time()
    window = int(now // _WINDOW)
    cache = caches["outward"]
    # Every cache key carries the schema; a client is one client on whichever site it asks.
    with schema_context("public"):
        client = client_network(request) if network else client_address(request)
        key = f"{kind}:{client}:{window}"
        cache.add(key, 0, timeout=2 * _WINDOW)
        try:
            count = cache.incr(key)
        except ValueError:
            # The cache was full and dropped the key between the two calls.
            return 0
    return 0 if count <= most else max(1, int((window + 1) * _WINDOW - now))
