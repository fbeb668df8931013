"""A new site's first pages, and the template's clean slate."""

from typing import Any

from wagtail.models import Page, Site

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
    """Home page, Wagtail's own row of the site, first columns."""
    if tenant.is_console:
        return
    from .planting import plant_frame

    plant_frame(tenant)
