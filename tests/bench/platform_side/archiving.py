"""An archive of one site with as many addresses as are wanted: its pages under queries that they pass over."""

import itertools
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from govplatform.addresses.known import Kind, KnownAddress
from govplatform.addresses.queries import known_addresses
from govplatform.archive.building import Scope, build_archive
from govplatform.archive.package.layout import ADDRESSES
from govplatform.tenancy.models import Tenant

#: This process and the helpers that it started.
_WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


class Many:
    """All addresses of a site, and its articles again and again until there are ``count`` of them."""

    def __init__(self, tenant: Tenant, count: int) -> None:
        self._tenant = tenant
        self._count = count

    def addresses(self) -> Iterator[KnownAddress]:
        known = list(known_addresses(self._tenant))
        yield from known
        pages = [one for one in known if one.kind == Kind.PAGE and one.path.count("/") > 2]
        for number in itertools.count():
            for page in pages:
                if len(known) + number * len(pages) >= self._count:
                    return
                yield replace(page, path=f"{page.path}?copy={number}")

    def count(self) -> int:
        return sum(1 for _one in known_addresses(self._tenant))


def make(tenant: Tenant, out: Path, count: int) -> dict[str, Any]:
    started = time.perf_counter()
    before = sum(sum(resource.getrusage(whose)[:2]) for whose in _WHOSE)
    built = build_archive(tenant, out, Many(tenant, count), Scope(), lambda _done: None)
    return {
        "seconds": time.perf_counter() - started,
        "processor": sum(sum(resource.getrusage(whose)[:2]) for whose in _WHOSE) - before,
        "captured": built.captured,
        "records": built.records,
        "bytes": built.bytes,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "list": str(out / ADDRESSES),
    }
