"""The writing of a new site's home page and columns in a few database statements.

Adding the pages one by one through the tree takes thirty statements and two jobs each, which is more than the rest of
opening a site. The pages are the same for every site of a kind and come out of the code, so there is nothing to
validate but the name of the site, which has been validated before.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Site

from govplatform.audit.library_acts import record_log_entries
from govplatform.review.frame.actions import record_set_up
from govplatform.tenancy.models import Tenant
from sites.columns.defaults import default_columns
from sites.columns.models import USUAL_LISTS, Column

from .models import HomePage
from .tasks import index_frame


def plant_frame(tenant: Tenant) -> HomePage:
    """Write home page, columns, Wagtail's ``Site`` and the entries of the page histories; return the home page.

    Must be called inside the site's schema, in a transaction, while the site has no pages yet. Enters the pages in the
    console's search by a job.
    """
    root = Page.objects.get(depth=1)
    home = HomePage(title=tenant.full_name, slug="home")
    columns = [
        Column(
            title=column.title,
            slug=column.slug,
            column_type=column.column_type,
            description=column.title,
            keywords=column.title,
            update_duty=column.update_duty,
            update_limit_days=column.update_limit_days,
            responsible_unit=tenant.organiser,
            show_in_menus=True,
            list_template=USUAL_LISTS.get(column.column_type, ""),
        )
        for column in default_columns(tenant)
    ]
    _place([home], root)
    _place(columns, home)
    _insert_pages([home, *columns])
    Page.objects.filter(pk=root.pk).update(numchild=1)
    # Trap T14: Wagtail's registry of hosts is written from ours.
    Site.objects.create(
        hostname=tenant.public_host, port=80, site_name=tenant.full_name, root_page=home, is_default_site=True
    )
    _log_creation([home, *columns])
    # The names of the columns stand in the code, that of the site was scanned with its record.
    record_set_up([home, *columns], verb="create_site")
    index_frame.enqueue()
    return home


def _place(pages: Sequence[Page], parent: Page) -> None:
    """Set on new ``pages`` their places in the tree below ``parent``, in their order, and the fields of a live page.

    ``parent`` must have no children yet. Nothing is written to the database.
    """
    now = timezone.now()
    for number, page in enumerate(pages, 1):
        page.path = Page._get_path(parent.path, parent.depth + 1, number)
        page.depth = parent.depth + 1
        page.set_url_path(parent)
        page.draft_title = page.title
        page.locale_id = parent.locale_id
        page.content_type = ContentType.objects.get_for_model(type(page))
        page.first_published_at = page.last_published_at = now
    parent.numchild = len(pages)


def _insert_pages(pages: Sequence[Page]) -> None:
    """Insert new pages: one statement for the rows that all pages have and one for each kind's own rows."""
    common = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    rows = [Page(**{name: getattr(page, name) for name in common}) for page in pages]
    for page, row in zip(pages, Page.objects.bulk_create(rows), strict=True):
        page.pk = page.id = row.pk
    for kind in dict.fromkeys(type(page) for page in pages):
        _insert_rows(kind, [page for page in pages if type(page) is kind])


def _insert_rows(kind: type[models.Model], instances: Sequence[models.Model]) -> None:
    # Django's bulk_create refuses models with a parent table; the parents' rows are there by now.
    query = models.sql.InsertQuery(kind)
    query.insert_values(kind._meta.local_concrete_fields, list(instances))
    query.get_compiler(connection=connection).execute_sql()


def _log_creation(pages: Sequence[Page]) -> None:
    now = timezone.now()
    entries: list[Any] = [
        PageLogEntry(
            content_type=page.content_type,
            label=page.get_admin_display_title(),
            action="wagtail.create",
            timestamp=now,
            page_id=page.pk,
            content_changed=True,
        )
        for page in pages
    ]
    record_log_entries(PageLogEntry.objects.bulk_create(entries), acting_user=None)
