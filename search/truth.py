"""Is it still so? Hits are compared with what is public at this moment, in one statement, before they are shown.

Whatever an engine holds: what was withdrawn or recalled, or whose sites do not answer citizens any more, is gone from
the results with the commit that said so. The same statement says whether the words stand in the text as they were
asked.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from content_library.resources.showing import shown_sql

#: The beginning of a text in which words are counted.
_COUNTED = 4_000
_ANSWERS = "t.status IN ('live', 'retiring') AND t.moved_into_id IS NULL AND t.kind <> 'console'"
_SQL = f"""
SELECT d.id, d.key, d.kind, d.subject_class, d.document_kind, d.organisation, d.document_number, d.index_number,
  d.validity, d.issued_on, d.published_at, d.title, d.summary, d.resource_id, d.tenant_id, r.interprets, r.uuid,
  r.tenant_id, r.page_id, d.guide, d.about, CASE WHEN r.id IS NULL THEN d.places -> 0 ->> 'column' END, d.picture::text,
  place.sites, place.paths, {{holds}}, {{counts}}
FROM public.search_searchdocument d
JOIN public.search_searchtext x ON x.document_id = d.id
-- Read and unpacked once for each document, however many words are looked for.
CROSS JOIN LATERAL (SELECT x.folded || '' AS words, left(x.folded, {_COUNTED}) AS beginning OFFSET 0) AS said
LEFT JOIN public.content_library_resource r ON r.id = d.resource_id
CROSS JOIN LATERAL (
  SELECT array_agg(p.site ORDER BY p.rank, p.site) AS sites, array_agg(p.path ORDER BY p.rank, p.site) AS paths
  FROM (
    SELECT r.tenant_id AS site, regexp_replace(r.url, '^[a-z]+://[^/]*', '') AS path, 0 AS rank
    WHERE r.tenant_id IS NOT NULL
    UNION ALL
    SELECT o.tenant_id, o.path, 1 FROM public.content_library_repost o
    WHERE o.resource_id = r.id AND o.state = 'live' AND o.mode <> 'copy'
    UNION ALL
    SELECT d.tenant_id, d.places -> 0 ->> 'path', 0 WHERE d.tenant_id IS NOT NULL
  ) AS p
  -- By its key for each place: or all sites that there are are read for each document, for what few rows promise.
  CROSS JOIN LATERAL (
    SELECT status, moved_into_id, kind FROM public.tenancy_tenant WHERE id = p.site OFFSET 0
  ) AS t WHERE {_ANSWERS}
) AS place
WHERE d.id = ANY(%s) AND d.shown AND place.sites IS NOT NULL AND (d.resource_id IS NULL OR {shown_sql("r")})
"""


@dataclass(frozen=True)
class Present:
    """A document that is public now. ``places``: (site, path), the source first.

    ``source``, ``page``: of a resource, where it was published, None for others and what came from another platform.
    ``guide``, ``picture``, ``about``: as SearchDocument keeps them. ``column``: of what is no resource, else None.
    ``holds``: for each run that was asked about, whether it stands in the text; ``counts``: how often in its beginning.
    """

    id: int
    key: str
    kind: str
    subject_class: str
    document_kind: str
    organisation: str
    document_number: str
    index_number: str
    validity: str
    issued_on: date | None
    published_at: datetime
    title: str
    summary: str
    resource_id: int | None
    tenant_id: int | None
    interprets: Any
    uuid: Any
    source: int | None
    page: int | None
    guide: bool
    about: list[str]
    column: str | None
    picture: dict[str, Any]
    places: tuple[tuple[int, str], ...]
    holds: dict[str, bool]
    counts: dict[str, int]


def present_documents(
    ids: Sequence[int], runs: Sequence[str] = (), *, within: Collection[int] | None = None
) -> dict[int, Present]:
    """Return those of the documents that are public now, with what was asked about ``runs``; one statement.

    ``within``: sites one of which has to show them.
    """
    if not ids:
        return {}
    holds = f"ARRAY[{', '.join(['strpos(said.words, %s) > 0'] * len(runs))}]::boolean[]"
    count = "(octet_length(said.beginning) - octet_length(replace(said.beginning, %s, ''))) / octet_length(%s)"
    counts = f"ARRAY[{', '.join([count] * len(runs))}]::int[]"
    params: list[Any] = [*runs, *(run for run in runs for _ in range(2)), list(ids)]
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(holds=holds, counts=counts), params)
        rows = cursor.fetchall()
    found = {}
    for *fields, picture, sites, paths, held, counted in rows:
        places = tuple(zip(sites, paths, strict=True))
        if within is not None and not any(place in within for place in sites):
            continue
        holds_run = dict(zip(runs, held, strict=True))
        values: list[Any] = [*fields, json.loads(picture), places, holds_run, dict(zip(runs, counted, strict=True))]
        found[fields[0]] = Present(*values)
    return found
