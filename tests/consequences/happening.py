"""An event of the tests' own, and calls that fail, wait or are counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django_tenants.utils import schema_context

from govplatform.consequences.lines import job
from govplatform.consequences.models import Consequence
from govplatform.events.event import Event
from govplatform.events.sheet import RETRIED, Failure, follow
from govplatform.tenancy.models import Tenant
from tests.sheet import lines


@dataclass(frozen=True)
class Rang(Event):
    """A bell rang on a site."""

    tenant: Tenant
    number: int = 0


def numbered(tenant: Tenant, number: int) -> dict[str, Any]:
    """What a call of the tests is given: the number alone."""
    return {"number": number}


@dataclass(eq=False)
class Called:
    """A call that remembers what it was given. ``fails``: so many times first, -1 for ever."""

    fails: int = 0
    numbers: list[int] = field(default_factory=list)
    __name__ = "called"

    def __call__(self, number: int) -> None:
        self.numbers.append(number)
        if self.fails:
            self.fails -= 1
            raise OSError(f"bell {number} is cracked")


@contextmanager
def as_job(call: Callable[..., None], on_failure: Failure = RETRIED) -> Iterator[None]:
    with lines(Rang, job(call, on_failure, given=numbered, words="rings")):
        yield


def ring(tenant: Tenant, number: int = 0) -> Consequence:
    """The event, in a transaction of its own inside the site; the row that it left."""
    from django_tenants.utils import tenant_context

    with tenant_context(tenant), transaction.atomic():
        follow(Rang(tenant=tenant, number=number))
    return rows().order_by("-pk")[0]


def rows() -> Any:
    return Consequence.objects.filter(event="Rang")


def run(row: Consequence) -> int:
    """As the worker does it."""
    from govplatform.consequences.running import run_subject

    with schema_context("public"):
        return run_subject(row.schema, row.subject_type, row.subject_id)


def make_due(row: Consequence) -> None:
    """Its pause is over."""
    from django.utils import timezone

    Consequence.objects.filter(pk=row.pk).update(next_at=timezone.now())
