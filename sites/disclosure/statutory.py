"""The statutory tables of an annual report, laid out as in 《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）

Whoever fills them in types numbers alone; sums are computed, and what must balance is checked. A figure is kept under
the code of its cell, ``requests.new.person``; a cell that nobody filled in is 0.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.refusals import PlacedReason

Figures = Mapping[str, Any]
Words = str | Promise


@dataclass(frozen=True)
class Line:
    """A row or a column. ``of``: names of the groups it stands in, the outermost first; ``sums``: codes of the lines
    that it adds up.
    """

    code: str
    label: Words
    of: tuple[Words, ...] = ()
    sums: tuple[str, ...] = ()


class Row(Line):
    """A row of a table."""


class Column(Line):
    """A column of a table."""


@dataclass(frozen=True)
class Table:
    """One table. ``head``: what stands above the names of rows; ``amounts``: money in 万元, with two digits behind."""

    code: str
    caption: Words
    head: Words
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    amounts: bool = False


_OPEN = _("（三）不予公开")
_ABSENT = _("（四）无法提供")
_UNHANDLED = _("（五）不予处理")
_OTHER = _("（六）其他处理")
_RESULT = _("三、本年度办理结果")
_LEGAL = _("法人或其他组织")


def _results(group: Words, *rows: tuple[str, Words]) -> tuple[Row, ...]:
    return tuple(Row(code, label, (_RESULT, group)) for code, label in rows)


_RESULTS = (
    Row("granted", _("（一）予以公开"), (_RESULT,)),
    Row("partly", _("（二）部分公开（区分处理的，只计这一情形，不计其他情形）"), (_RESULT,)),
    *_results(
        _OPEN,
        ("secret", _("1.属于国家秘密")),
        ("forbidden", _("2.其他法律行政法规禁止公开")),
        ("stability", _("3.危及“三安全一稳定”")),
        ("third_party", _("4.保护第三方合法权益")),
        ("internal", _("5.属于三类内部事务信息")),
        ("process", _("6.属于四类过程性信息")),
        ("enforcement", _("7.属于行政执法案卷")),
        ("inquiry", _("8.属于行政查询事项")),
    ),
    *_results(
        _ABSENT,
        ("not_held", _("1.本机关不掌握相关政府信息")),
        ("to_be_made", _("2.没有现成信息需要另行制作")),
        ("unclear", _("3.补正后申请内容仍不明确")),
    ),
    *_results(
        _UNHANDLED,
        ("complaint", _("1.信访举报投诉类申请")),
        ("repeated", _("2.重复申请")),
        ("publication", _("3.要求提供公开出版物")),
        ("too_often", _("4.无正当理由大量反复申请")),
        ("confirmation", _("5.要求行政机关确认或重新出具已获取信息")),
    ),
    *_results(
        _OTHER,
        ("not_completed", _("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请")),
        ("not_paid", _("2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请")),
        ("otherwise", _("3.其他")),
    ),
)
_SUITS = (
    ("review", (_("行政复议"),)),
    ("suit", (_("行政诉讼"), _("未经复议直接起诉"))),
    ("after", (_("行政诉讼"), _("复议后起诉"))),
)
_OUTCOMES: tuple[tuple[str, Words], ...] = (
    ("upheld", _("结果维持")),
    ("corrected", _("结果纠正")),
    ("other", _("其他结果")),
    ("open", _("尚未审结")),
)
#: A longer number is a slip of the hand.
_LONGEST = 12

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.code: table
        for table in (
            Table(
                "documents",
                _("第二十条第（一）项"),
                _("信息内容"),
                (Row("rules", _("规章")), Row("normative", _("行政规范性文件"))),
                (
                    Column("made", _("本年制发件数")),
                    Column("repealed", _("本年废止件数")),
                    Column("in_force", _("现行有效件数")),
                ),
            ),
            Table(
                "licences",
                _("第二十条第（五）项"),
                _("信息内容"),
                (Row("licence", _("行政许可")),),
                (Column("decided", _("本年处理决定数量")),),
            ),
            Table(
                "penalties",
                _("第二十条第（六）项"),
                _("信息内容"),
                (Row("penalty", _("行政处罚")), Row("coercion", _("行政强制"))),
                (Column("decided", _("本年处理决定数量")),),
            ),
            Table(
                "fees",
                _("第二十条第（八）项"),
                _("信息内容"),
                (Row("fee", _("行政事业性收费")),),
                (Column("collected", _("本年收费金额（单位：万元）")),),
                amounts=True,
            ),
            Table(
                "requests",
                _("收到和处理政府信息公开申请情况"),
                _("申请人情况"),
                (
                    Row("new", _("一、本年新收政府信息公开申请数量")),
                    Row("carried", _("二、上年结转政府信息公开申请数量")),
                    *_RESULTS,
                    Row("total", _("（七）总计"), (_RESULT,), tuple(row.code for row in _RESULTS)),
                    Row("left", _("四、结转下年度继续办理")),
                ),
                (
                    Column("person", _("自然人")),
                    Column("company", _("商业企业"), (_LEGAL,)),
                    Column("research", _("科研机构"), (_LEGAL,)),
                    Column("welfare", _("社会公益组织"), (_LEGAL,)),
                    Column("law", _("法律服务机构"), (_LEGAL,)),
                    Column("others", _("其他"), (_LEGAL,)),
                    Column("sum", _("总计"), (), ("person", "company", "research", "welfare", "law", "others")),
                ),
            ),
            Table(
                "suits",
                _("因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
                _("情形"),
                (Row("count", _("件数")),),
                tuple(
                    column
                    for kind, of in _SUITS
                    for column in (
                        *(Column(f"{kind}_{code}", label, of) for code, label in _OUTCOMES),
                        Column(f"{kind}_sum", _("总计"), of, tuple(f"{kind}_{code}" for code, _label in _OUTCOMES)),
                    )
                ),
            ),
        )
    }
)


def code_of(table: Table, row: Row, column: Column) -> str:
    """Return the code under which the figure of a cell is kept and sent."""
    return f"{table.code}.{row.code}.{column.code}"


def cells_to_fill(table: Table) -> Iterator[tuple[Row, Column]]:
    """Yield the cells that somebody fills in: those that are no sum."""
    yield from ((row, column) for row in table.rows for column in table.columns if not row.sums and not column.sums)


def read_figure(table: Table, typed: str) -> str | int | None:
    """Return a typed figure as it is kept, money as text with two digits behind; None when it is no figure."""
    text = typed.strip().replace(",", "").replace("，", "")
    if not text:
        return 0
    if not text.isascii() or len(text) > _LONGEST:
        return None
    if not table.amounts:
        return int(text) if text.isdecimal() else None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount < 0 or amount != round(amount, 2):
        return None
    return f"{amount:.2f}" if amount else 0


def amount(figures: Figures, table: Table, row: Row, column: Column) -> Decimal:
    """Return the figure of a cell, of a sum what it adds up to."""
    rows = [one for one in table.rows if one.code in row.sums] or [row]
    columns = [one for one in table.columns if one.code in column.sums] or [column]
    return sum((Decimal(str(figures.get(code_of(table, y, x)) or 0)) for y in rows for x in columns), Decimal(0))


def reasons_against(figures: Figures) -> list[str]:
    """Say which columns of the requests do not balance: what came in is what was handled and what is left."""
    table = TABLES["requests"]
    rows = {row.code: row for row in table.rows}
    reasons: list[str] = []
    for column in table.columns:
        if column.sums:
            continue
        came = sum(amount(figures, table, rows[code], column) for code in ("new", "carried"))
        went = sum(amount(figures, table, rows[code], column) for code in ("total", "left"))
        if came != went:
            told = {"column": column.label, "came": came, "went": went}
            sentence = _t(
                "申请情况表“%(column)s”一列不平：新收加上年结转是 %(came)s 件，"
                "办理总计加结转下年是 %(went)s 件，应当相等。"
            )
            reasons.append(PlacedReason(sentence % told, "figures"))
    return reasons


# --- as tables ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """A cell that names rows or columns, over so many of them."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Figure:
    """A cell with a figure. ``name``: what it is, as a screen reader says it; ``is_sum``: nobody types it."""

    code: str
    value: str
    name: str
    is_sum: bool


@dataclass(frozen=True)
class LaidOut:
    """A table as it is shown: rows of heads of the columns, then of each row its heads and figures."""

    code: str
    caption: str
    head: list[list[Head]]
    body: list[tuple[list[Head], list[Figure]]]

    def plain_rows(self) -> list[list[str]]:
        """Return the table as rows of texts, the words of its head first."""
        head = [[cell.text for cell in row] for row in self.head]
        return [*head, *([*(one.text for one in heads), *(one.value for one in shown)] for heads, shown in self.body)]


def laid_out(table: Table, figures: Figures) -> LaidOut:
    """Return ``table`` filled with ``figures``."""
    across = max(len(row.of) for row in table.rows) + 1
    down = max(len(column.of) for column in table.columns) + 1
    head: list[list[Head]] = [[] for _level in range(down)]
    head[0].append(Head(str(table.head), rows=down, columns=across))
    for level, text, over, left in _groups(table.columns, down):
        head[level].append(Head(text, rows=left, columns=over))
    heads: dict[int, list[Head]] = {number: [] for number in range(len(table.rows))}
    for place, (_level, text, over, left) in _placed(table.rows, across):
        heads[place].append(Head(text, rows=over, columns=left))
    body = []
    for number, row in enumerate(table.rows):
        name = "，".join(str(word) for word in (*row.of, row.label))
        shown = [
            Figure(
                code_of(table, row, column),
                f"{amount(figures, table, row, column):{'.2f' if table.amounts else 'f'}}",
                "，".join([name, *(str(word) for word in (*column.of, column.label))]),
                bool(row.sums or column.sums),
            )
            for column in table.columns
        ]
        body.append((heads[number], shown))
    return LaidOut(table.code, str(table.caption), head, body)


def _groups(items: Sequence[Line], depth: int) -> Iterator[tuple[int, str, int, int]]:
    """Yield (level, text, over how many items, over how many levels) level by level, in order."""
    yield from sorted((cell for _place, cell in _placed(items, depth)), key=lambda cell: cell[0])


def _placed(items: Sequence[Line], depth: int) -> Iterator[tuple[int, tuple[int, str, int, int]]]:
    """Yield (number of the item with which it begins, cell as in ``_groups``), in the order of the items."""
    for number, item in enumerate(items):
        for level, text in enumerate(item.of):
            above = item.of[: level + 1]
            if number and items[number - 1].of[: level + 1] == above:
                continue
            over = 1
            while number + over < len(items) and items[number + over].of[: level + 1] == above:
                over += 1
            yield number, (level, str(text), over, 1)
        yield number, (len(item.of), str(item.label), 1, depth - len(item.of))
