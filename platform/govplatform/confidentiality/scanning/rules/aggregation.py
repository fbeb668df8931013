"""聚合: many persons in one place, or several attributes beside one name.

A name alone is no finding: lists of the admitted and of members are published by rule. A person counts when something
personal is said beside the name, or when a number of theirs stands there without one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govplatform.rule_packs.severity import Severity

from ..articles import PRIVACY
from ..masking import masked_name
from ..settings import ScanSettings
from .names import LABELLED, SEX, is_cell_name, name_before

if TYPE_CHECKING:
    from .reading import Reading
    from .rule import Hit

#: Letter of an attribute -> its name. Those of ``STRONG`` are private by themselves; the others are also in the
#: published vita of an official.
KINDS = {
    "i": "身份证件号码", "m": "手机号码", "b": "银行账号", "p": "护照等证件号码", "a": "住址", "e": "邮箱", "v": "号牌",
    "h": "健康", "f": "家庭", "w": "收入或救助", "l": "电话",
    "g": "性别", "d": "出生", "n": "民族", "o": "籍贯", "u": "学历", "t": "政治面貌",
}  # fmt: skip
STRONG = frozenset("imbpaevhfw")
_OF_RULE = {
    "id-card": "i", "id-card-15": "i", "mobile": "m", "bank-card": "b", "passport": "p", "address": "a", "email": "e",
    "plate": "v", "landline": "l",
}  # fmt: skip
#: Numbers that stand for a person even without a name.
_IDENTIFY = frozenset("imbp")

_NAME_HEAD = re.compile(
    r"(?:.{0,6}姓\s*名|名字|户主|患者|持卡人|申请人|收款人|受助人|被救助人|当事人|学生|考生)(?:[(（].{0,8}[)）])?"
)
_HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("i", re.compile(r"身份证|证件号|公民身份")), ("b", re.compile(r"银行|卡号|账号|帐号|账户|一卡通")),
    ("p", re.compile(r"护照|護照|通行证|通行證|[台臺]胞[证證]|(?:军官|士兵|士官|军人|警官|警察)证")),
    ("a", re.compile(r"住址|地址|住所|户籍地|居住地")),
    ("m", re.compile(r"手机|电话|联系方式")), ("e", re.compile(r"邮箱|(?i:e-?mail)")), ("v", re.compile(r"车牌|号牌")),
    ("h", re.compile(r"病|残疾|健康|诊断|症|伤")), ("f", re.compile(r"家庭|配偶|父亲|母亲|子女|监护|婚姻|人口数")),
    ("w", re.compile(r"收入|工资|低保|救助金|补助金?额|补贴金?额")), ("g", re.compile(r"^性\s*别$")),
    ("d", re.compile(r"出生|年龄|生日")), ("n", re.compile(r"民族")),
    ("o", re.compile(r"籍贯")),
    ("u", re.compile(r"学历|学位|毕业院校")), ("t", re.compile(r"政治面貌")),
)  # fmt: skip
_SAID: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("g", re.compile(r"[，,、；; \u3000][男女](?=[，,、；;。 \u3000）)]|$)|性别\s?[:：]\s?[男女]")),
    ("d", re.compile(r"(?:19|20)[0-9]{2}年[0-9]{1,2}月(?:[0-9]{1,2}日)?(?:出?生)|出生(?:日期|年月)?\s?[:：]\s?[0-9]")),
    ("n", re.compile(r"[，,、 ][一-龥]{1,5}族(?=[，,、；;。])|民族\s?[:：]\s?[一-龥]")),
    ("o", re.compile(r"籍贯\s?[:：]?\s?[一-龥]|[一-龥]{2,6}人(?=[，,])")),
    ("u", re.compile(r"(?:大学|大专|本科|研究生|中专|高中|初中)学历|学历\s?[:：]")),
    ("t", re.compile(r"中共党员|群众(?=[，,。])|政治面貌\s?[:：]")),
    ("a", re.compile(r"(?:家庭)?住址\s?[:：]\s?[一-龥]|(?:现|家)住[一-龥]{3}")),
    ("h", re.compile(r"患有?[一-龥]{2,10}(?:病|症|炎|癌)|残疾[一二三四]级|[一二三四]级残疾|确诊")),
)  # fmt: skip
_EMPTY = frozenset(("", "无", "/", "-", "—", "--", "——", "不详", "略", "0"))
#: Persons remembered of one file, and names of one piece.
_MOST, _REACH = 20_000, 120


@dataclass(slots=True)
class Place:
    """A table or running text with persons in it. ``where`` to ``name``: where the first one was met.

    ``joined``: names with as many attributes as the threshold; ``kinds``: attribute letter -> how many times said.
    """

    where: str
    offset: int
    length: int
    name: str
    persons: set[str] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Group:
    """An aggregation to report."""

    where: str
    offset: int
    length: int
    shown: str
    severity: Severity
    message: str
    value: str


class Aggregation:
    """The id and source of the rule, whose findings ``People`` makes."""

    id = "aggregation"
    source = PRIVACY


class People:
    """The persons of one file or page, gathered piece by piece."""

    def __init__(self, settings: ScanSettings) -> None:
        self.settings = settings
        self.known: dict[str, str] = {}
        self.places: dict[str, Place] = {}
        self._columns: dict[str, tuple[int, dict[int, str]] | None] = {}

    def read(self, reading: "Reading", hits: "Sequence[tuple[str, Hit]]") -> None:
        """Take the persons of one piece; ``hits``: (rule id, hit) that the other rules found in it."""
        piece = reading.piece
        if reading.is_table or "\t" in reading.text:
            name = piece.table or piece.where
            columns = self._columns_of(name, reading)
            if columns is not None:
                self._read_rows(name, reading, *columns)
                return
        self._read_text(reading, hits)

    def _columns_of(self, table: str, reading: "Reading") -> tuple[int, dict[int, str]] | None:
        if reading.piece.header:
            return _columns(reading.piece.header)
        if table not in self._columns or not reading.is_table:
            heads = (line.split("\t") for line in reading.text[:4000].split("\n")[:5])
            self._columns[table] = next((found for head in heads if (found := _columns(head)) is not None), None)
        return self._columns[table]

    def _read_rows(self, table: str, reading: "Reading", name_at: int, kinds: dict[int, str]) -> None:
        text, start = reading.text, 0
        while start < len(text):
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            cells = text[start:end].split("\t")
            if name_at < len(cells):
                name = cells[name_at].strip()
                if is_cell_name(name) and _NAME_HEAD.fullmatch(name) is None:
                    said = {
                        kind for at, kind in kinds.items()
                        if at < len(cells) and (cell := cells[at].strip()) not in _EMPTY and "*" not in cell
                    }  # fmt: skip
                    if said:
                        at = start + sum(len(cell) + 1 for cell in cells[:name_at])
                        self._add(f"table {table}", name, said, reading, at, len(cells[name_at]))
            start = end + 1

    def _read_text(self, reading: "Reading", hits: "Sequence[tuple[str, Hit]]") -> None:
        """Values belong to the name before them; what else is said, to the name that it follows."""
        text = reading.text
        persons: dict[str, tuple[set[str], int, int]] = {}
        for rule, hit in hits:
            kind = _OF_RULE.get(rule)
            if kind is None:
                continue
            name = name_before(text, hit.start)
            if not name and kind not in _IDENTIFY:
                continue
            person = persons.setdefault(name or hit.value, (set(), hit.start, hit.end - hit.start))
            person[0].add(kind)
            if len(persons) >= _MOST:
                break
        named = [(match.start(1), match[1]) for pattern in _named_patterns(text) for match in pattern.finditer(text)]
        named.sort()
        for at, (start, name) in enumerate(named[:_MOST]):
            end = min(start + _REACH, named[at + 1][0] if at + 1 < len(named) else len(text))
            words = text[start + len(name) : end]
            said = {kind for kind, pattern in _SAID if pattern.search(words)}
            if said:
                persons.setdefault(name, (set(), start, len(name)))[0].update(said)
        for name, (said, start, length) in persons.items():
            if said & STRONG or len(said) >= self.settings.aggregation_attributes:
                self._add("text", name, said, reading, start, length)

    def _add(self, group: str, name: str, said: set[str], reading: "Reading", start: int, length: int) -> None:
        if name in self.settings.allowed or (len(self.known) >= _MOST and name not in self.known):
            return
        before = self.known.get(name, "")
        self.known[name] = "".join(sorted({*before, *said}))
        if group not in self.places:
            where, offset = reading.piece.place(start)
            self.places[group] = Place(where, offset, length, name)
        place = self.places[group]
        place.persons.add(name)
        place.kinds.update(said)
        is_named = not name[:1].isascii()
        if is_named and len(said) >= self.settings.aggregation_attributes:
            place.joined.add(name)

    def groups(self) -> Iterator[Group]:
        """The aggregations: one for each table and for the running text that reaches a threshold.

        When none does but all persons of the file together do, one for the file as a whole.
        """
        least = self.settings.aggregation_persons
        reported = False
        for name, place in self.places.items():
            if place.joined or len(place.persons) >= least:
                reported = True
                yield _group(name, place, len(place.persons))
        if not reported and len(self.known) >= least:
            first = next(iter(self.places.values()))
            for other in list(self.places.values())[1:]:
                first.kinds.update(other.kinds)
            yield _group("file", first, len(self.known))

    def entries(self, hashed: Callable[[str], str]) -> list[str]:
        """``hash:letters`` of each person, at most 1,000; ``hashed`` hashes the name."""
        return [f"{hashed(name)}:{kinds}" for name, kinds in list(self.known.items())[:1000]]


def across_column(items: Sequence[Sequence[str]], settings: ScanSettings) -> Iterator[tuple[str, str]]:
    """Yield (value for the key, message) for what several items reveal together.

    One item alone is judged by its own scan. ``items``: as for ``engine.column_aggregation``.
    """
    judged = {entry.partition(":")[0] for entry in (items[0] if items else ())}
    if not judged:
        return
    kinds: dict[str, set[str]] = {}
    alone: dict[str, int] = Counter()
    for item in items:
        for entry in item:
            person, _colon, letters = entry.partition(":")
            kinds.setdefault(person, set()).update(letters)
            alone[person] = max(alone[person], len(set(letters)))
    if len(kinds) >= settings.aggregation_column_persons and len(judged) < len(kinds):
        yield (
            f"persons {len(kinds) // settings.aggregation_column_persons}",
            f"本栏目最近 {len(items)} 条信息合在一起涉及 {len(kinds)} 人的个人信息，请判断汇总后是否泄露隐私。",
        )
    for person in sorted(judged):
        if len(kinds[person]) >= settings.aggregation_attributes > alone[person] and kinds[person] & STRONG:
            words = "、".join(KINDS[kind] for kind in KINDS if kind in kinds[person])
            yield (
                f"person {person}",
                f"同一人的信息分散在本栏目最近 {len(items)} 条信息中，合在一起包含：{words}。请判断是否泄露隐私。",
            )


def _columns(header: Sequence[str]) -> tuple[int, dict[int, str]] | None:
    """(column of the names, other column -> letter), None when a table is not about persons."""
    heads = [head.strip() for head in header]
    name_at = next((at for at, head in enumerate(heads) if len(head) <= 20 and _NAME_HEAD.fullmatch(head)), None)
    if name_at is None:
        return None
    kinds = {}
    for at, head in enumerate(heads):
        if at != name_at:
            kind = next((kind for kind, pattern in _HEADS if pattern.search(head[:30])), None)
            if kind is not None:
                kinds[at] = kind
    return (name_at, kinds) if kinds else None


def _named_patterns(text: str) -> Iterator[re.Pattern[str]]:
    """Those that can match at all: their words are looked for first."""
    if "：" in text or ":" in text:
        yield LABELLED
    if "男" in text or "女" in text:
        yield SEX


def _group(name: str, place: Place, persons: int) -> Group:
    strong = STRONG.intersection(place.kinds)
    severity: Severity = "block" if strong else "warn"
    words = "、".join(KINDS[kind] for kind in KINDS if kind in place.kinds)
    shown = masked_name(place.name) if not place.name[:1].isascii() else place.name[:3] + "***"
    message = f"个人信息聚集：同一处涉及 {persons} 人，包含{words}。请删除、遮盖或改为分开的汇总数据。"
    if not strong:
        message += "属于依法公开的任职、公示信息的，请说明理由后保留。"
    value = f"{name} {''.join(sorted(place.kinds))} {persons}"
    return Group(place.where, place.offset, place.length, f"{shown} 等 {persons} 人", severity, message, value)
