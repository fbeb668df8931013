"""In which schema the records of an object of the frame lie, and which chains an act on it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django_tenants.utils import tenant_context

from govplatform.locks.order import PLATFORM_CHAIN
from govplatform.tenancy.current import current_schema, current_tenant_or_none
from govplatform.tenancy.queries import console_tenant

from .kinds import FrameKind


@contextmanager
def records_of(kind: FrameKind) -> Iterator[None]:
    """Stand where the records of ``kind`` lie: the site's own schema, or the console's for what sites share."""
    here = current_tenant_or_none()
    if not kind.shared or (here is not None and here.is_console):
        yield
        return
    with tenant_context(console_tenant()):
        yield


def chains_of(kind: FrameKind, obj: Any = None) -> tuple[str, ...]:
    """The chains that an act on ``obj`` of ``kind`` takes. Call where its records lie."""
    # Records of what sites share lie in a schema like any site's, behind its chain; the act is the platform's.
    if not kind.shared:
        return ()
    return (current_schema(), PLATFORM_CHAIN, *(kind.chains(obj) if obj is not None else ()))


def chain_for_record(kind: FrameKind) -> str | None:
    """The chain in which an act on ``kind`` is recorded; None: the current site's."""
    return PLATFORM_CHAIN if kind.shared else None
