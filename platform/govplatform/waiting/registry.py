"""What can wait for a person: kinds that other packages name, each with how it is looked up.

The sheet with all kinds is ``settings.WAITING_KINDS``. A kind is asked for one person at a time, over all sites, and
leaves out what somebody else has to do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from govplatform.accounts.models import User
from govplatform.tenancy.models import Tenant


@dataclass(frozen=True)
class Matter:
    """One thing that waits. ``site``: where, None for the platform's own; ``address``: absolute, on a console.

    ``due``: until when, None without a limit; ``late``: whether that is over.
    """

    title: str
    site: Tenant | None
    address: str
    since: datetime | None = None
    due: datetime | None = None
    late: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of things that wait. ``code``: as it is kept; ``find``: what waits for a person, most urgent first."""

    code: str
    label: str | Promise
    find: Callable[[User], Iterable[Matter]]


def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which people are shown them."""
    named: tuple[Kind, ...] = import_string(settings.WAITING_KINDS)
    return named
