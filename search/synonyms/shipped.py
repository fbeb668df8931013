"""The groups that come along, ``lists/government.list``: loaded when a platform is set up, and by whoever wants them.

Once loaded they are like any others. Of a list that grew with a version, what is not there can be added; what somebody
removed or changed is added again only by somebody who asks for it.
"""

from functools import cache
from pathlib import Path
from typing import Any

from govplatform.accounts.models import User

from ..models import SynonymGroup
from .actions import import_synonyms
from .written import Written, read_lines


@cache
def shipped_groups() -> tuple[Written, ...]:
    """Return common groups of words of government sites."""
    text = (Path(__file__).parent / "lists" / "government.list").read_text(encoding="utf-8")
    return tuple(read_lines(text)[0])


def groups_not_there() -> list[Written]:
    """Return those of the shipped groups that are not kept, in whatever state."""
    known = set(SynonymGroup.objects.values_list("key", flat=True))
    return [group for group in shipped_groups() if group.key not in known]


def load_shipped(*, acting_user: User | None) -> dict[str, Any]:
    """Add the shipped groups that are not there; those that are stay as they are. Returns as ``import_synonyms``."""
    return import_synonyms(groups_not_there(), acting_user=acting_user)


def load_at_first() -> None:
    """Give a platform that is set up the shipped groups (``settings.FIRST_DATA``)."""
    if not SynonymGroup.objects.exists():
        load_shipped(acting_user=None)
