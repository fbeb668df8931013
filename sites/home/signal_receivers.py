"""A new site's first pages, and the template's clean slate."""

from typing import Any

from wagtail.models import Page, Site

from govplatform.locks.holding import hold_chain
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.signals import template_prepared, tenant_provisioned


def connect() -> None:
    template_prepared.connect(clear_template, dispatch_uid="home-clear-template")
    tenant_provisioned.connect(plant_site, dispatch_uid="home-plant-site")


def clear_template(**_kwargs: Any) -> None:
    """Wagtail's welcome page and its site go; every site plants its own. Idempotent."""
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    Page.fix_tree()
    root = Page.objects.get(depth=1)
    if root.title != "根":
        Page.objects.filter(pk=root.pk).update(title="根", draft_title="根")


def plant_site(*, tenant: Tenant, **_kwargs: Any) -> None:
    """Home page, Wagtail's own site row (trap T14: written from ours), first columns."""
    if tenant.is_console:
        return
    from sites.columns.defaults import default_columns
    from sites.columns.models import Column

    from .models import HomePage

    # Before any row of the new site; nobody else knows it yet.
    hold_chain()
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title=tenant.full_name, slug="home"))
    Site.objects.create(
        hostname=tenant.public_host, port=80, site_name=tenant.full_name, root_page=home, is_default_site=True
    )
    for column in default_columns(tenant):
        home.add_child(
            instance=Column(
                title=column.title,
                slug=column.slug,
                column_type=column.column_type,
                description=column.title,
                keywords=column.title,
                update_duty=column.update_duty,
                update_limit_days=column.update_limit_days,
                responsible_unit=tenant.organiser,
                show_in_menus=True,
            )
        )
