"""An archive of the first addresses of one site, as many as are wanted."""

import itertools
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from govplatform.addresses.known import KnownAddress
from govplatform.addresses.queries import known_addresses
from govplatform.archive.building import Scope, build_archive
from govplatform.archive.package.layout import ADDRESSES
from govplatform.tenancy.models import Tenant

#: This process and the helpers that it started.
_WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


class First:
    """The first ``count`` addresses of a site."""

    def __init__(self, tenant: Tenant, count: int) -> None:
        self._tenant = tenant
        self._count = count

    def addresses(self) -> Iterator[KnownAddress]:
        yield from itertools.islice(known_addresses(self._tenant), self._count)

    def count(self) -> int:
        return sum(1 for _one in self.addresses())


def make(tenant: Tenant, out: Path, count: int) -> dict[str, Any]:
    started = time.perf_counter()
    before = sum(sum(resource.getrusage(whose)[:2]) for whose in _WHOSE)
    built = build_archive(tenant, out, First(tenant, count), Scope(), lambda _done: None)
    return {
        "seconds": time.perf_counter() - started,
        "processor": sum(sum(resource.getrusage(whose)[:2]) for whose in _WHOSE) - before,
        "captured": built.captured,
        "records": built.records,
        "bytes": built.bytes,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "list": str(out / ADDRESSES),
    }
