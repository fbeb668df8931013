"""What may be done with the columns of a site: create, change and find them."""

import re
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.permissions import may_on_structure

from .models import Column, ColumnType

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?")
#: Paths of the public host that no column may take.
_RESERVED = frozenset(
    {"sitemap", "sitemap.xml", "robots.txt", "media", "static", "documents", "admin", "search", "api", "library"}
)
_DEPTH_OF_HOME = 2
#: What may be changed later; the slug stays, for it is part of public addresses.
CHANGEABLE = frozenset(
    {
        "title", "column_type", "description", "keywords", "update_duty", "update_limit_days", "responsible_unit",
        "show_in_menus",
    }
)  # fmt: skip


def find_column_type(given: str) -> str:
    """Return the code of the column type with this code or Chinese label. Raise Refused, naming all types, if none."""
    aliases = {"notices": ColumnType.NEWS}
    if given in aliases:
        return str(aliases[given].value)
    for value, label in ColumnType.choices:
        if given in (value, str(label)):
            return str(value)
    known = "、".join(f"{value}（{label}）" for value, label in ColumnType.choices)
    raise Refused(_("没有“%(type)s”这种栏目类别。可用：%(known)s。") % {"type": given, "known": known})


def create_column(
    slug: str,
    *,
    title: str,
    column_type: str,
    parent: Page | None = None,
    acting_user: User | None,
    **facts: Any,
) -> Column:
    """Create a live column below ``parent`` (None: the home page) and return it.

    ``facts``: other fields of ``Column``; description and keywords default to the title. ``acting_user`` None: the
    platform itself, which may do everything. Raises Refused when the person may not, the slug is not allowed or taken,
    the title is empty, the type is unknown or the site has no home page.
    """
    reasons = []
    if not _SLUG.fullmatch(slug) or slug in _RESERVED:
        reasons.append(_("栏目标识“%(slug)s”不能用：只含小写字母、数字和连字符，且不与系统地址重名。") % {"slug": slug})
    if not title.strip():
        reasons.append(_("栏目名称不能为空。"))
    parent = parent or Page.objects.filter(depth=_DEPTH_OF_HOME).first()
    if parent is None:
        raise Refused(_("本站没有首页，不能建栏目。"))
    if parent.get_children().filter(slug=slug).exists():
        reasons.append(_("“%(parent)s”之下已经有标识为“%(slug)s”的栏目。") % {"parent": parent.title, "slug": slug})
    column_type = find_column_type(column_type)
    with acting(acting_user, pages=[parent.pk]):
        if reasons := [*_reasons_against_managing(acting_user), *reasons]:
            raise Refused(reasons)
        column: Column = parent.add_child(
            instance=Column(
                title=title.strip(),
                slug=slug,
                column_type=column_type,
                description=facts.pop("description", "") or title.strip(),
                keywords=facts.pop("keywords", "") or title.strip(),
                show_in_menus=facts.pop("show_in_menus", True),
                **facts,
            )
        )
        record_act("column.create", acting_user=acting_user, obj=column, detail={"slug": slug})
    return column


def change_column(column: Column, *, acting_user: User | None, **facts: Any) -> Column:
    """Change fields of ``column`` and return it; nothing is written when every value is the same as before.

    ``facts``: new values of the fields of ``Column`` named in ``CHANGEABLE``; TypeError for any other field. Raises
    Refused when the person may not or the title is empty. ``acting_user`` None: the platform itself.
    """
    if unknown := set(facts) - CHANGEABLE:
        raise TypeError(f"a column's {', '.join(sorted(unknown))} cannot be changed here")
    with acting(acting_user, pages=[column.pk]):
        reasons = _reasons_against_managing(acting_user)
        if not str(facts.get("title", column.title)).strip():
            reasons.append(_("栏目名称不能为空。"))
        if reasons:
            raise Refused(reasons)
        changed = {name: value for name, value in facts.items() if getattr(column, name) != value}
        if not changed:
            return column
        for name, value in changed.items():
            setattr(column, name, value)
        if "title" in changed:
            column.draft_title = column.title
        column.save()
        record_act("column.change", acting_user=acting_user, obj=column, detail=changed)
    return column


def _reasons_against_managing(acting_user: User | None) -> list[str]:
    if acting_user is None or may_on_structure(acting_user):
        return []
    return [_("只有本站的站点管理员可以管理栏目。")]


def find_column(slug: str) -> Column:
    """Return the column with this slug on the current site. Raise Refused when there is none or more than one."""
    found = list(Column.objects.filter(slug=slug)[:2])
    if len(found) != 1:
        raise Refused(
            _("本站没有标识为“%(slug)s”的栏目。") % {"slug": slug}
            if not found
            else _("本站有多个标识为“%(slug)s”的栏目，请改名后再用。") % {"slug": slug}
        )
    return found[0]
