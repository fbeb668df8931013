"""The ledger of addresses: whatever was public once is answered for ever."""

from collections.abc import Iterator

from govplatform.addresses.canonical import location_of

from ..world import SITES, World
from . import Against, When, invariant

_ANSWERED = (200, 301, 302, 410, 503)


@invariant(When.SLOW)
def every_address_is_answered(world: World) -> Iterator[Against]:
    """No page, list or feed that was ever public is unknown at its address, and what leads on leads there in one step."""
    for site in SITES:
        rows = world.sql(
            "SELECT path FROM public.addresses_address WHERE tenant_id = %s AND host = ''"
            " AND kind IN ('page', 'list', 'feed') ORDER BY path",
            [world.tenant(site).pk],
        )
        for (path,) in rows:
            answer = world.get(site, location_of(path))
            if answer.status_code not in _ANSWERED:
                yield Against(f"{path} answers {answer.status_code}", {"site": site, "path": path})
            elif answer.status_code == 301 and answer.headers["Location"].startswith("/"):
                there = world.get(site, answer.headers["Location"])
                if there.status_code not in (200, 302):
                    yield Against(f"{path} leads to {there.status_code}", {"site": site, "path": path})
