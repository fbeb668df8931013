"""Queries over the audit record of all chains."""

from datetime import datetime

from django.db import connection
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


#: From kind to kind along the index of (chain, object_type, object_id): one index row for a kind, however many acts.
_KINDS = """
WITH RECURSIVE kinds AS (
  (SELECT object_type FROM public.audit_entry WHERE chain = %s ORDER BY object_type LIMIT 1)
  UNION ALL
  SELECT (SELECT e.object_type FROM public.audit_entry e WHERE e.chain = %s AND e.object_type > k.object_type
          ORDER BY e.object_type LIMIT 1)
  FROM kinds k WHERE k.object_type IS NOT NULL
)
SELECT object_type FROM kinds WHERE object_type <> ''
"""


def kinds_in(chain: str) -> list[str]:
    """Labels of the models (``articles.article``) of everything that acts in a chain were done to."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, [chain, chain])
        return [row[0] for row in cursor.fetchall()]
