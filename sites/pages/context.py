"""The variables of page templates: plain dictionaries from few queries, so that templates never ask the database."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from content_library.metadata import COLUMN_FIELDS, CONTENT_FIELDS, SITE_FIELDS, meta_tags
from govplatform.cases.addresses import REPORT_ERROR
from govplatform.lifecycle.states.queries import banner_of
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.rendering.state import current_state
from govplatform.review.queries import site_path
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from search.results_page.asked import PATH as SEARCH_PATH

from .in_one_state import around_in_state
from .navigation import Navigation, load_navigation
from .related import nearest, note_alike, subject_of
from .rendering import picture_of, rendered_body
from .rows import Around, path_of, rows_around

PATH_FEED = "feed.xml"
#: The page that says how an error is reported, also without the form: it is a file, whatever is away.
PATH_ERROR_REPORT = "/error-report/"
HOME_DEPTH = 2


def site_values(tenant: Tenant) -> dict[str, Any]:
    """Return the metadata of a site (name, domain, identity code) by the codes of ``content_library.metadata``."""
    return {
        "site_name": tenant.full_name,
        "site_domain": tenant.public_host,
        "site_identity_code": tenant.identity_code,
    }


def base_context(page: Page, request: HttpRequest) -> dict[str, Any]:
    """Return the variables for header, footer and navigation, and the meta tags that every public page must carry."""
    tenant = current_tenant()
    note_read(ReadOf.SITE)
    navigation = load_navigation(page)
    column = navigation.column
    tags = meta_tags(SITE_FIELDS, site_values(tenant))
    if column is not None:
        tags += meta_tags(COLUMN_FIELDS, column.metadata_values())
    if hasattr(page, "body"):
        tags += meta_tags(CONTENT_FIELDS, {**page.metadata_values(), "image": picture_address(page, tenant)})
    return {
        "tenant": tenant,
        "site_banner": banner_of(tenant),
        "meta_tags": tags,
        "canonical_url": public_url(tenant, site_path(page)),
        "channels": navigation.channels(),
        "breadcrumb": navigation.breadcrumb(page),
        "navigation": navigation,
        "is_home": page.depth == HOME_DEPTH,
        "home_url": "/",
        "search_url": SEARCH_PATH,
        "sitemap_url": "/sitemap/",
        "error_report_url": REPORT_ERROR,
        "feed_url": f"{column.path}{PATH_FEED}" if column is not None else "",
    }


def picture_address(page: Any, tenant: Tenant) -> str:
    """Return the absolute address of the picture that stands for the page, or ''."""
    picture = picture_of(page)
    return public_url(tenant, picture["src"]) if picture else ""


def content_context(page: Any, request: HttpRequest, navigation: Navigation) -> dict[str, Any]:
    """Return the variables of a content page: body, attachments, source, neighbours and related items."""
    body = rendered_body(page, request)
    subject = subject_of(page)
    around = _around(page, navigation)
    return {
        "body": body.html,
        "attachments": body.attachments,
        "source": page.source,
        "author": page.author if page.shows_author else "",
        "publish_time": page.first_published_at,
        "original_publish_time": page.original_published_at,
        "first_publish_time": None,
        "correction_time": correction_time(page),
        "previous": _link(around.previous),
        "next": _link(around.following),
        "related": nearest(subject, around.alike) if subject is not None else [],
        "validity_notice": "",
        "share_url": public_url(current_tenant(), site_path(page)),
    }


def correction_time(page: Any) -> datetime | None:
    """Return when a newer version of a public page was published; None while it stands as it was first published."""
    first, last = page.first_published_at, page.last_published_at
    return last if first is not None and last is not None and last > first else None


def _around(page: Any, navigation: Navigation) -> Around:
    """Neighbours and pages alike, with one query; a page that was never published has no neighbours."""
    subject, beside = subject_of(page), page.first_published_at is not None
    if subject is None and not beside:
        return Around(None, None, [])
    read = rows_around if current_state() is None else around_in_state
    around = read(page, [node.pk for node in navigation.nodes], subject, beside=beside)
    neighbours = [path_of(row[1]) for row in (around.previous, around.following) if row is not None]
    if neighbours:
        note_read(ReadOf.BESIDE, *neighbours)
    if subject is not None:
        note_alike(subject, around.alike)
    return around


def _link(row: tuple[str, str] | None) -> dict[str, str] | None:
    return {"title": row[0], "url": path_of(row[1])} if row is not None else None
