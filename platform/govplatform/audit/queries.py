"""Queries over the audit record of all chains."""

from datetime import datetime

from django.db.models import Q, QuerySet

from .models import IDENTITY_ACTS, Entry

#: Done with a command on the server: on nobody's behalf, or on that of whomever its ``--as`` named.
FROM_SHELL = Q(actor_id=None) | Q(detail__has_key="shell")


def identity_acts(*, since: datetime | None = None, from_shell: bool = False) -> QuerySet[Entry]:
    """Entries of all chains about accounts made or closed, roles given or taken and passwords reset, newest first.

    ``since``: not older than this. ``from_shell``: only those that were done with a command on the server, which asks
    for no second person, or takes the second person's word from whoever types it.
    """
    # The list in the condition is that of the partial index.
    found = Entry.objects.filter(act__in=IDENTITY_ACTS)
    if since is not None:
        found = found.filter(at__gte=since)
    if from_shell:
        found = found.filter(FROM_SHELL)
    return found.order_by("-at", "-pk")
