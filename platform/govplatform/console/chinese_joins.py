"""Where Wagtail joins words in its code, so that no catalogue of sentences reaches the joint.

It writes ``New: Article``, ``4 pages`` and ``Choose a page (Article)`` for any language; here they are joined as in
Chinese.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.chooser import AdminPageChooser


def join_as_in_chinese() -> None:
    """Have Wagtail's screens do so; may be called again."""
    WagtailAdminTemplateMixin.get_header_title = _header_title
    WagtailPaginator.items_count_label = property(_items_count)
    AdminPageChooser.__init__ = _begin_chooser


def _header_title(view: Any) -> str:
    title, subtitle = str(view.get_page_title()), str(view.get_page_subtitle() or "")
    if not subtitle:
        return title
    return _("%(title)s：%(subtitle)s") % {"title": title, "subtitle": subtitle}


def _items_count(paginator: Any) -> str:
    return _("共 %(count)s 项") % {"count": paginator.count}


_wagtails_own = AdminPageChooser.__init__


def _begin_chooser(chooser: Any, *arguments: Any, **named: Any) -> None:
    _wagtails_own(chooser, *arguments, **named)
    if "choose_one_text" not in named and "choose_one_text" in vars(chooser):
        chooser.choose_one_text = _CHOOSE % {"kind": chooser.model._meta.verbose_name}


_CHOOSE = gettext_lazy("选择%(kind)s")
