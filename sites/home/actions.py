"""What a site's administrator decides about the home page and the whole site: its headline, how addresses are given."""

from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.frame.actions import clear_merged
from govplatform.review.permissions import may_on_structure
from govplatform.tenancy.current import current_tenant
from sites.pages.given_addresses import AddressStyle

from .frame_words import HOME
from .models import HomePage


def pin_headline(home: HomePage, page_id: int | None, *, acting_user: User | None) -> None:
    """Pin the page with id ``page_id`` as headline of the home page; None leaves the choice to the platform again.

    A pinned page is shown while it is live. Raises Refused when the person may not choose it or the page is not below
    ``home``. ``acting_user`` None: the platform itself.
    """
    with acting(acting_user, pages=[home.pk]):
        reasons = []
        if acting_user is not None and not may_on_structure(acting_user):
            reasons.append(_("只有本站的站点管理员可以选定头条。"))
        if page_id is not None and not home.get_descendants().filter(pk=page_id).exists():
            reasons.append(_("本站没有编号为 %(id)s 的页面。") % {"id": page_id})
        if reasons:
            raise Refused(reasons)
        home.headline_page_id = page_id
        home.save()
        record_act("home.pin_headline", acting_user=acting_user, obj=home, detail={"page": page_id})


def choose_address_style(home: HomePage, style: str, *, acting_user: User | None) -> None:
    """Choose how new pages of the site get their addresses (``AddressStyle``); what pages have stays.

    Raises Refused for another style, and for anyone but the site's administrator. ``acting_user`` None: the shell.
    """
    with acting(acting_user, pages=[home.pk]):
        reasons = []
        if acting_user is not None and not may_on_structure(acting_user):
            reasons.append(_("只有本站的站点管理员可以选定网址方式。"))
        if style not in AddressStyle.values:
            known = "、".join(f"{value}（{label}）" for value, label in AddressStyle.choices)
            reasons.append(_("没有“%(style)s”这种网址方式。可用：%(known)s。") % {"style": style, "known": known})
        if reasons:
            raise Refused(reasons)
        if home.address_style == style:
            return
        home.address_style = style
        home.save()
        record_act("home.address_style", acting_user=acting_user, obj=home, detail={"style": style})


def rename_home(before: str) -> None:
    """Call the home page as its site is called now, unless somebody has given it a name of its own.

    The words were cleared with the site's record. ``before``: the site's name until now.
    """
    home = HomePage.objects.filter(title=before).first()
    if home is None:
        return
    home.title = current_tenant().full_name
    clear_merged(home, acting_user=None)
    HOME.apply(home, {"title": home.title}, acting_user=None)
