"""What waits for a person, over all sites."""

import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.core.cache import cache
from django.db import DatabaseError, transaction

from govplatform.accounts.models import User

from .models import Reminders
from .registry import Kind, Matter, kinds

logger = logging.getLogger("govplatform.waiting")
#: So long a count is shown before it is made anew, in seconds: every page of the console asks for it.
_KEPT = 60


@dataclass(frozen=True)
class Group:
    """All that waits of one kind, most urgent first."""

    kind: Kind
    matters: tuple[Matter, ...]

    @property
    def late(self) -> int:
        """How many are over their limit."""
        return sum(matter.late for matter in self.matters)


def waiting_for(user: User, *, only: Collection[str] | None = None) -> list[Group]:
    """Return what waits for ``user``, kinds without anything left out. ``only``: codes of kinds, None for all."""
    groups = []
    for kind in kinds():
        if only is not None and kind.code not in only:
            continue
        try:
            with transaction.atomic():
                matters = tuple(kind.find(user))
        except DatabaseError as problem:
            # A site that is broken keeps nobody from what waits of other kinds.
            logger.warning("what waits of the kind %s cannot be read: %s", kind.code, problem)
            continue
        if matters:
            groups.append(Group(kind, matters))
    return groups


def reminders_of(user: User) -> Reminders:
    """Return the person's settings; not yet stored where there are none."""
    return Reminders.objects.filter(user=user).first() or Reminders(user=user)


def count_for(user: User) -> dict[str, int]:
    """Count for the bell: ``{"total", "late"}``; up to a minute old."""
    key = f"waiting:count:{user.pk}"
    counted: dict[str, int] | None = cache.get(key)
    if counted is None:
        silent = set(reminders_of(user).silent)
        groups = waiting_for(user, only={kind.code for kind in kinds()} - silent)
        counted = {"total": sum(len(group.matters) for group in groups), "late": sum(group.late for group in groups)}
        cache.set(key, counted, _KEPT)
    return counted


def forget_count(user: User) -> None:
    """Have the next count made anew."""
    cache.delete(f"waiting:count:{user.pk}")
