"""The limit of requests a minute from one client; the numbers are in ``settings.OUTWARD_LIMITS``."""

import ipaddress
import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django_tenants.utils import schema_context

_WINDOW = 60


def seconds_to_wait(request: HttpRequest, kind: str) -> int:
    """Count the request; return 0 when it may be answered, else the seconds until the next one may be.

    Counted per client over all hosts of the platform, in the cache ``outward``.
    """
    most = settings.OUTWARD_LIMITS[kind]
    now = time.time()
    window = int(now // _WINDOW)
    cache = caches["outward"]
    # Every cache key carries the schema; a client is one client on whichever site it asks.
    with schema_context("public"):
        key = f"{kind}:{client_address(request)}:{window}"
        cache.add(key, 0, timeout=2 * _WINDOW)
        try:
            count = cache.incr(key)
        except ValueError:
            # The cache was full and dropped the key between the two calls.
            return 0
    return 0 if count <= most else max(1, int((window + 1) * _WINDOW - now))


def client_address(request: HttpRequest) -> str:
    """Return the client's address. With ``OUTWARD_PROXIES`` = n, the n-th from the end of X-Forwarded-For.

    Whatever stands before that was written by the client and is not believed. Of IPv6, the /64
    that one subscriber has. What is no address counts as the client "unknown".
    """
    found = request.META.get("REMOTE_ADDR", "")
    if settings.OUTWARD_PROXIES > 0:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(forwarded) >= settings.OUTWARD_PROXIES:
            found = forwarded[-settings.OUTWARD_PROXIES]
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(getattr(address, "ipv4_mapped", None) or address)
