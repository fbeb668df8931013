"""Reading the record across its chains."""

from datetime import datetime

from django.db.models import QuerySet

from .models import IDENTITY_ACTS, Entry


def identity_acts(*, since: datetime | None = None, from_shell: bool = False) -> QuerySet[Entry]:
    """Entries of every chain that say who was made, given a role, reset or closed, newest first.

    ``from_shell``: those alone that were done with a command on the server, which asks for no second person.
    """
    # The list in the condition is that of the partial index.
    found = Entry.objects.filter(act__in=IDENTITY_ACTS)
    if since is not None:
        found = found.filter(at__gte=since)
    if from_shell:
        found = found.filter(actor_id=None)
    return found.order_by("-at", "-pk")
