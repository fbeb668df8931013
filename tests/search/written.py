"""Documents written straight into the search, as many as a test needs: what publishing would have left there."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from govplatform.tenancy.models import Domain, Tenant
from search.engines.choosing import own_engine
from search.indexing.actions import give
from search.models import SearchDocument, SearchText
from search.text.folding import fold

_numbers = count(1)
_DAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def write(tenant: Tenant, title: str, text: str = "", *, column: str = "/news/", **fields: Any) -> SearchDocument:
    """A row of one document, not saved; it is no resource, so nothing but its site decides whether it is public."""
    number = next(_numbers)
    path = f"{column}written-{number}/"
    row = SearchDocument(
        **{
            "key": f"written:{tenant.pk}:{number}",
            "tenant": tenant,
            "sites": [tenant.pk],
            "places": [{"site": tenant.pk, "page": number, "path": path, "column": column}],
            "shown": True,
            "kind": "article",
            "published_at": _DAY + timedelta(minutes=number),
            "updated_at": _DAY,
            "title": title,
            "version": 1,
            **fields,
        }
    )
    row.texts = SearchText(text=text, folded="\n".join(fold(part) for part in (title, text) if part))
    return row


def enter(rows: Iterable[SearchDocument]) -> list[SearchDocument]:
    """Save the rows and give them to PostgreSQL's index."""
    entered = SearchDocument.objects.bulk_create(list(rows))
    for row in entered:
        row.texts.document = row
    SearchText.objects.bulk_create(row.texts for row in entered)
    give(own_engine(), entered)
    return entered


def more_sites(number: int) -> list[Tenant]:
    """So many sites that answer citizens; of none there is more than its row and host."""
    made = []
    for place in range(number):
        site = Tenant.objects.create(
            schema_name=f"site_more{place}",
            code=f"more{place}",
            full_name=f"第{place + 1}个县人民政府",
            kind=Tenant.Kind.PORTAL,
            level="county",
            status=Tenant.Status.LIVE,
        )
        Domain.objects.create(tenant=site, domain=f"more{place}.localhost", kind="public", is_primary=True)
        made.append(site)
    return made
