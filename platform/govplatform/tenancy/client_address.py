"""The address that a request comes from, as far as it can be believed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of the client, or "unknown" where there is none.

    With ``OUTWARD_PROXIES`` = n it is the n-th address from the end of X-Forwarded-For: whatever stands before that was
    written by the client and is not believed. Of an IPv6 address only the /64 network is returned, which is what one
    subscriber has.
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


def client_network(request: HttpRequest) -> str:
    """Return the network of the client: the /24 of an IPv4 address, the /48 of an IPv6 one; "unknown" where none is.

    Whoever has many addresses has them side by side.
    """
    found = client_address(request)
    if found == "unknown":
        return found
    address = ipaddress.ip_address(found)
    width = 48 if isinstance(address, ipaddress.IPv6Address) else 24
    return str(ipaddress.ip_network((address, width), strict=False))


def address_or_none(request: HttpRequest) -> str | None:
    """Return ``client_address``, or None where it is no address, for a database column of addresses."""
    found = client_address(request)
    return None if found == "unknown" else found
