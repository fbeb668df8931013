"""The first pages of a new site, and the emptying of the schema that new sites are copied from."""

from wagtail.models import Page, Site

from govplatform.locks.holding import hold_chain
from govplatform.tenancy.models import Tenant

from .planting import plant_frame


def clear_template() -> None:
    """Delete Wagtail's welcome page and its ``Site``, as every site has its own, and name the root page. Idempotent."""
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    Page.fix_tree()
    root = Page.objects.get(depth=1)
    if root.title != "全部页面":
        Page.objects.filter(pk=root.pk).update(title="全部页面", draft_title="全部页面")


def plant_site(tenant: Tenant) -> None:
    """Write a new site's home page, first columns and Wagtail's ``Site``. The console gets none."""
    if tenant.is_console:
        return
    # Before any row of the new site; nobody else knows it yet.
    hold_chain()
    plant_frame(tenant)
