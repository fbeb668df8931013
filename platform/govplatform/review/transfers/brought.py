"""Decisions that came with a merge: made on another site, about the page under the number that it had there."""

from django.db import connection

from govplatform.tenancy.current import current_schema

from ..models import Decision

#: Where the number of a decision lies in what a merge brought to the site.
_CAME_FROM = """
SELECT s.full_name FROM public.lifecycle_merge m
JOIN public.tenancy_tenant d ON d.id = m.destination_id JOIN public.tenancy_tenant s ON s.id = m.source_id
WHERE d.schema_name = %s AND m.state IN ('moved', 'confirmed')
 AND %s BETWEEN (m.ranges -> 'review_decision' ->> 0)::bigint AND (m.ranges -> 'review_decision' ->> 1)::bigint
ORDER BY m.id LIMIT 1
"""


def site_of_decision(decision: Decision) -> str:
    """The name of the site that ``decision`` of the current site came from with a merge; '' when it was made here."""
    with connection.cursor() as cursor:
        cursor.execute(_CAME_FROM, [current_schema(), decision.pk])
        row = cursor.fetchone()
    return str(row[0]) if row is not None else ""
