"""A plan as lines for a terminal."""

from django.utils.translation import gettext as _

from .planning import MergePlan

_MOST_LINES = 40


def faults_in_words(plan: MergePlan) -> list[str]:
    """Return a line for each fault of the map, with its row and heading."""
    return [
        _("对照表有误，没有生成方案："),
        *(_("第 %(row)d 行 %(column)s：%(reason)s") % vars(fault) for fault in plan.faults),
    ]


def counts_in_words(plan: MergePlan) -> list[str]:
    """Return what is moved, in one line."""
    figures = {"source": plan.source.full_name, "destination": plan.destination.full_name, **_figures(plan)}
    return [
        _("“%(source)s”并入“%(destination)s”：信息 %(pages)d 条（版本 %(revisions)d 个），图片和附件 %(files)d 个。")
        % figures
    ]


def moves_in_words(plan: MergePlan) -> list[str]:
    """Return a line for each column: its path, where it goes, how many pages stand in it."""
    return [
        _("%(from)s → %(to)s（%(pages)d 条）")
        % {
            "from": f"/{move.column.path}/ {move.column.title}",
            "to": (f"/{move.to}/" + (_("，新建") if move.is_new else "")) if move.to else _("不迁移"),
            "pages": move.column.pages,
        }
        for move in plan.moves
    ]


def collisions_in_words(plan: MergePlan) -> list[str]:
    """Return what meets what, what stays and what elsewhere is concerned; the first of many."""
    lines = [f"{one.what}：{one.outcome}" for one in plan.collisions[:_MOST_LINES]]
    more = len(plan.collisions) + plan.unnamed - len(lines)
    if more > 0:
        lines.append(_("另有 %(count)d 处，见 --out 写出的方案。") % {"count": more})
    lines += [f"{one.kind} {one.count}：{one.reason}" for one in plan.left]
    lines += [f"{one.kind} {one.count}：{one.outcome}" for one in plan.concerns]
    return lines


def _figures(plan: MergePlan) -> dict[str, int]:
    return {name: plan.counts.get(name, 0) for name in ("pages", "revisions", "files")}
