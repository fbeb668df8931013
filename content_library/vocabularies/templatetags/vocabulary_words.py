"""The template filter that puts a change of a term in words."""

from django import template
from django.utils.translation import gettext as _

from ..models import TermChange
from ..queries import term_label

register = template.Library()


@register.filter
def change_words(change: TermChange) -> str:
    """Put one change of a term in words, as a line of its history."""
    detail = change.detail

    def named(code: str) -> str:
        return term_label(change.term.vocabulary, code) or _("顶级")

    if change.act == "rename":
        return _rename_words(detail)
    words = {
        "begin": _("平台建立时的词条"),
        "add": _("新建“%(label)s”") % {"label": detail.get("label", "")},
        "propose": _("提出新建“%(label)s”，待确认") % {"label": detail.get("label", "")},
        "move": _("移动上级：%(before)s → %(after)s")
        % dict(zip(("before", "after"), map(named, detail.get("parent", ["", ""])), strict=True)),
        "merge": _("并入 %(into)s") % {"into": named(detail.get("into", ""))},
        "retire": _("停用"),
        "restore": _("恢复使用"),
        "reorder": _("调整顺序"),
    }
    reason = detail.get("reason", "")
    return words.get(change.act, change.act) + (f"：{reason}" if reason else "")


def _rename_words(detail: dict[str, list[str]]) -> str:
    said = []
    if "label" in detail:
        said.append(_("名称“%(before)s”改为“%(after)s”") % dict(zip(("before", "after"), detail["label"], strict=True)))
    if "aliases" in detail:
        said.append(_("修改别名"))
    if "note" in detail:
        said.append(_("修改说明"))
    return "，".join(said)
