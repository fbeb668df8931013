"""The RSS feed of a column."""

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Rss201rev2Feed

from content_library.distribution.listing import title_of
from govplatform.review.queries import site_path
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.hosts import public_url

FEED_ITEMS = 20
# What XML 1.0 cannot hold; pasted text sometimes does.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _ColumnFeed(Rss201rev2Feed):
    """A feed whose date is that of its column while there is nothing in it; Django's would be new each second."""

    changed_at: datetime

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.changed_at


def column_feed(column: Any, request: HttpRequest) -> HttpResponse:
    """Return the RSS feed of the ``FEED_ITEMS`` newest items of ``column``: titles, addresses, times and summaries."""
    tenant = current_tenant()
    feed = _ColumnFeed(
        title=_clean(f"{column.title} - {tenant.full_name}"),
        link=public_url(tenant, site_path(column)),
        description=_clean(column.description or column.title),
        language="zh-cn",
        feed_url=public_url(tenant, request.path),
    )
    feed.changed_at = column.last_published_at or column.first_published_at or tenant.created_at
    for item in column.items()[:FEED_ITEMS].specific():
        address = public_url(tenant, site_path(item))
        feed.add_item(
            title=_clean(title_of(item)),
            link=address,
            description=_clean(getattr(item, "summary", "") or title_of(item)),
            pubdate=item.first_published_at,
            updateddate=item.last_published_at,
            unique_id=address,
            unique_id_is_permalink=True,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
