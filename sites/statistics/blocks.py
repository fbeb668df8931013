"""The chart of a bulletin: its figures as a table, which the server draws."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from sites.pages.drawing import MOST_POINTS, MOST_SERIES, Drawing, draw, read_figure, read_rows
from sites.pages.table_block import TableBlock

KINDS = (("columns", _("柱状图")), ("lines", _("折线图")))


class DrawnChartValue(blocks.StructValue):
    """The value of a chart, with its shapes for a template."""

    def rows(self) -> list[list[str]]:
        table = self.get("table") or {}
        return [[str(cell or "") for cell in row] for row in table.get("rows") or []]

    def drawing(self) -> Drawing | None:
        """Return the shapes of the chart; None while its table says nothing that can be drawn."""
        if self.faults():
            return None
        labels, series = read_rows(self.rows())
        return draw(str(self.get("kind")), str(self.get("unit") or ""), labels, series, self.in_words())

    def in_words(self) -> str:
        """Return what the chart shows, of each series its first and last, lowest and highest figure."""
        labels, series = read_rows(self.rows())
        unit, said = str(self.get("unit") or ""), []
        for one in series:
            known = [(value, labels[place]) for place, value in enumerate(one.values) if value is not None]
            if not known:
                continue
            (low, low_at), (high, high_at) = min(known), max(known)
            told = {
                "name": one.name, "first": known[0][1], "first_value": f"{known[0][0]}{unit}", "last": known[-1][1],
                "last_value": f"{known[-1][0]}{unit}", "low": low_at, "low_value": f"{low}{unit}", "high": high_at,
                "high_value": f"{high}{unit}",
            }  # fmt: skip
            said.append(
                _t(
                    "%(name)s：%(first)s %(first_value)s，%(last)s %(last_value)s；"
                    "最低为%(low)s %(low_value)s，最高为%(high)s %(high_value)s。"
                )
                % told
            )
        return "".join(said)

    def faults(self) -> list[str]:
        """Say what keeps the table from being drawn."""
        rows = self.rows()
        labels, series = read_rows(rows)
        if not labels or not series:
            return [_t("数据表至少要有一行表头、一行数据和两列：第一列是项目，其余各列是数值。")]
        faults = []
        if len(series) > MOST_SERIES:
            faults.append(
                _t("一张图最多画 %(most)d 列数值，现在有 %(count)d 列。") % {"most": MOST_SERIES, "count": len(series)}
            )
        if len(labels) > MOST_POINTS:
            faults.append(
                _t("一张图最多画 %(most)d 行，现在有 %(count)d 行。") % {"most": MOST_POINTS, "count": len(labels)}
            )
        for y, row in enumerate(rows[1:], 2):
            for x, cell in enumerate(row[1:], 2):
                if cell.strip() and read_figure(cell) is None:
                    told = {"row": y, "column": x, "cell": cell[:20]}
                    faults.append(_t("数据表第 %(row)d 行第 %(column)d 列“%(cell)s”不是数字。") % told)
        if not any(value is not None for one in series for value in one.values):
            faults.append(_t("数据表里还没有数字。"))
        return faults


class FiguresBlock(TableBlock):
    """A table of figures to be drawn: what is blank at its end is no point of the chart."""

    drops_blank_rows = True


class DrawnChartBlock(blocks.StructBlock):
    """A chart that the server draws of its table: nobody draws a picture, and nobody's numbers differ from it."""

    title = blocks.CharBlock(label=_("图题"), max_length=120)
    kind = blocks.ChoiceBlock(label=_("图形"), choices=KINDS, default="columns")
    unit = blocks.CharBlock(label=_("单位"), required=False, max_length=20, help_text=_("例如：亿元、万人。"))
    table = FiguresBlock(label=_("数据表"), help_text=_("第一行是各列的名称，第一列是项目或时间，其余是数值。"))
    note = blocks.CharBlock(label=_("注"), required=False, max_length=300)

    class Meta:
        label = _("统计图")
        icon = "view"
        template = "structured/chart.html"
        value_class = DrawnChartValue


class ChartsBlock(blocks.StreamBlock):
    drawn_chart: Any = DrawnChartBlock()
