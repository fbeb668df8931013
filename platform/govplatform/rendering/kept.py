"""Answers that somebody has kept since they were rendered, for whoever renders a whole site.

What keeps them lies above (the files of a site) and registers here how it finds them; who renders does not know it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, transaction

from govplatform.tenancy.models import Tenant

from .state import current_state

logger = logging.getLogger("govplatform.rendering")


@dataclass(frozen=True)
class KeptAnswer:
    """An answer with the status 200: the bytes, and the headers, as the application gave them."""

    headers: list[tuple[str, str]]
    body: bytes


#: Reads a kept answer; None where it is not whole any more.
ReadKept = Callable[[], KeptAnswer | None]
#: ``find(tenant, root, targets)``: of what is asked of ``root`` (``http://host:port``), in the site's schema and a
#: state, whatever the application would certainly answer with the same bytes in that state.
FindKept = Callable[[Tenant, str, Sequence[str]], Mapping[str, ReadKept]]

_finders: list[FindKept] = []


def register_kept_answers(find: FindKept) -> None:
    """Have ``find`` asked for answers that are kept; once at the start."""
    _finders[:] = [find]


def find_kept(tenant: Tenant, root: str, targets: Sequence[str]) -> dict[str, ReadKept]:
    """Those of ``targets`` that need not be rendered. None outside a state: nothing is certain for longer than one."""
    if current_state() is None:
        return {}
    found: dict[str, ReadKept] = {}
    for find in _finders:
        try:
            with transaction.atomic():
                found.update(find(tenant, root, targets))
        except (DatabaseError, OSError):
            logger.exception("looking for kept answers failed; they are rendered")
    return found
