"""A new site's first pages, and the template's clean slate."""

from wagtail.models import Page, Site

from govplatform.locks.holding import hold_chain
from govplatform.tenancy.models import Tenant

from .planting import plant_frame


def clear_template() -> None:
    """Wagtail's welcome page and its site go; every site plants its own. Idempotent."""
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    Page.fix_tree()
    root = Page.objects.get(depth=1)
    if root.title != "根":
        Page.objects.filter(pk=root.pk).update(title="根", draft_title="根")


def plant_site(tenant: Tenant) -> None:
    """Home page, Wagtail's own row of the site, first columns."""
    if tenant.is_console:
        return
    # Before any row of the new site; nobody else knows it yet.
    hold_chain()
    plant_frame(tenant)
