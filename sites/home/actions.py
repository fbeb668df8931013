"""What a site's administrator decides: the headline, sections and rows of the home page, how addresses are given."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_platform_operator
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.frame.actions import change_words, clear_merged
from govplatform.review.frame.page_kinds import save_arranged
from govplatform.review.models import FrameProposal
from govplatform.review.permissions import may_on_structure
from govplatform.tenancy.current import current_tenant
from sites.pages.given_addresses import AddressStyle

from .frame_words import HOME
from .layout import ROWS, Row, reasons_against_sections
from .models import HomePage
from .pictures import with_bytes


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


def change_home(
    home: HomePage,
    *,
    acting_user: User | None,
    reason: str = "",
    verb: str = "",
    sections: list[str] | None = None,
    **rows: list[Row],
) -> FrameProposal | None:
    """Change the home page. Returns what waits for a second person; None when nothing does.

    ``sections``: ``["policies:pairs", …]`` in their order, which takes effect at once. ``rows``: lists of
    ``layout.ROWS``, words and pictures, which wait for a content reviewer unless the shell sets them (``verb``, or no
    ``acting_user``); TypeError for any other. Raises Refused when the person may not, with every row at fault, and for
    words that may not stand.
    """
    if unknown := set(rows) - set(ROWS):
        raise TypeError(f"a home page's {', '.join(sorted(unknown))} cannot be changed here")
    with acting(acting_user, pages=[home.pk]):
        if acting_user is not None and not (may_on_structure(acting_user) or is_platform_operator(acting_user)):
            raise Refused(_("只有本站的站点管理员或平台运维人员可以布置首页。"))
        if reasons := reasons_against_sections(sections or []):
            raise Refused(reasons)
        home.refresh_from_db()
        if sections is not None and sections != home.sections:
            detail = {"before": {"sections": home.sections}, "after": {"sections": sections}}
            home.sections = sections
            save_arranged(home, acting_user=acting_user)
            record_act("home.change", acting_user=acting_user, obj=home, detail=detail)
        words = {name: _as_stored(name, given) for name, given in rows.items()}
        return change_words(home, words, acting_user=acting_user, reason=reason, verb=verb) if words else None


def _as_stored(name: str, given: Any) -> Any:
    """Rows without blanks around, without parts that say nothing; a picture with its bytes. What are no rows stays."""
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        return given
    rows = [{part: value.strip() if isinstance(value, str) else value for part, value in row.items()} for row in given]
    filled = [{part: value for part, value in row.items() if value} for row in rows]
    kept = [row for row in filled if row]
    return with_bytes(kept) if name in HOME.pictures else kept


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
        save_arranged(home, acting_user=acting_user)
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
