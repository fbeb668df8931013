"""密级标志 and 内部标志: recognised as a mark by their form (a star, a term, a line or brackets of their own).

Sentences about secrets and about publication are no marks: rules and reports speak of both all the time.
"""

import re
from collections.abc import Iterable, Iterator

from govplatform.sentences import gettext_noop

from ..articles import INTERNAL_AFFAIRS, STATE_SECRETS
from ..stretches import find_in, near_word
from .reading import Reading
from .rule import BLANKS, Hit, Rule

_GAP = f"[{BLANKS}]{{0,6}}"
#: Between the two characters of a level also one line end: marks are set upright.
_INNER = f"[{BLANKS}]{{0,6}}(?:\\n[{BLANKS}]{{0,6}})?"
_STAR = "[★☆✩✪✫✬✭✮✯✰⭐⋆✦]"
_TERM = (
    f"(?:[0-9]{{1,3}}|[一二三四五六七八九十]{{1,3}}){_GAP}(?:年|个{_GAP}月|個{_GAP}月|月|日|天)|[长長]{_GAP}期"
    "|启用前|啟用前|解密前|公[开開]前"
)
_FIRST = "[绝絕絶机機秘祕商]"
_LEVEL = f"{_FIRST}{_INNER}密"
_DECORATION = f"[{BLANKS}*＊·•。.:：;；—_=|#>-]{{0,8}}"

#: Both searches begin with one class of characters and turn away what stands in a sentence at once.
_STARRED = re.compile(
    f"[★☆✩✪✫✬✭✮✯✰⭐⋆✦绝絕絶机機秘祕商](?:(?<={_STAR}){_GAP}(?:工作|国家|國家)?{_LEVEL}(?:{_GAP}{_STAR})?"
    f"|(?<={_FIRST}){_INNER}密(?:{_GAP}[级級])?{_GAP}{_STAR})(?:{_GAP}(?:{_TERM}))?"
)
_ALONE = re.compile(
    f"[绝絕絶机機秘祕](?:(?<![一-龥、，].){_INNER}密"
    f"(?={_GAP}(?:$|[^一-龥、，；]|[级級文资資材件长長启啟解公一二三四五六七八九十]))"
    f"|(?<=[级級].){_INNER}密)"
)
_LINE = re.compile(
    f"{_DECORATION}(?:(?:密{_GAP}级|密{_GAP}級|[秘保]密等级|定密){_GAP}[:：]?{_GAP})?"
    f"[\\[【〔［(（「『“\"《<〈]?{_GAP}({_LEVEL}){_GAP}(?:级|級)?(?:文件|资料|資料|材料|件)?{_GAP}[\\]】〕］)）」』”\">〉》]?"
    f"(?:{_GAP}[*＊·•—:：,，-]{{0,2}}{_GAP}(?:{_TERM}))?{_DECORATION}"
)  # fmt: skip
_LABELLED = re.compile(f"(?:密{_GAP}级|密{_GAP}級){_GAP}[:：]{_GAP}({_LEVEL})(?=[级級]?(?:$|[^一-龥]|{_STAR}))")
_BRACKETED = re.compile(f"[\\[【〔［]{_GAP}({_LEVEL})(?:级|級)?{_GAP}(?:{_TERM})?{_GAP}[\\]】〕］]")
_APART = re.compile(f"(?:^|[\\n{BLANKS}])({_LEVEL})(?:{_GAP}[*＊·•]?{_GAP}(?:{_TERM}))?(?=$|[\\n\\t{BLANKS}])")

#: How far into a document its head goes.
_HEAD = 200
#: How far a mark with a star reaches before and behind its last character.
_BEFORE, _BEHIND = 48, 64


class SecrecyMark(Rule):
    """Marks of a level of secrecy (绝密, 机密, 秘密), also of business secrets (商密) with a star."""

    id = "secrecy-mark"
    severity = "block"
    source = STATE_SECRETS
    message = gettext_noop("密级标志。涉密文件不得在互联网上发布，请立即停止流转并报告保密部门。")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        text = reading.text
        # Every mark has this character, and most texts have it in few places.
        near = near_word(text, "密", _BEFORE, _BEHIND)
        spans = [match.span() for match in find_in(text, _STARRED, near)]
        starred = {at for first, last in spans for at in range(first, last)}
        for match in find_in(text, _ALONE, near):
            if match.end() - 1 not in starred:
                span = self._mark(reading, match.start(), match.end())
                if span is not None:
                    spans.append(span)
        reached = -1
        for start, end in sorted(spans):
            if start >= reached:
                reached = end
                yield Hit(start, end, re.sub(r"\s", "", text[start:end]), shown=text[start:end])

    def _mark(self, reading: Reading, first: int, behind: int) -> tuple[int, int] | None:
        """Whether the level ``first`` to ``behind`` is labelled, in brackets, on a line of its own or in the head."""
        text = reading.text
        low = max(0, first - 12)
        window = text[low : behind + 24]
        for pattern in (_LABELLED, _BRACKETED):
            match = pattern.search(window)
            if match is not None and match.start() <= first - low < match.end():
                return low + match.start(), low + match.end()
        start, end = reading.line(first, behind)
        if end - start <= 48:
            line = _LINE.fullmatch(text, start, end)
            if line is not None:
                return line.start(1), max(behind, start + len(text[start:end].rstrip()))
        if (reading.first or reading.piece.where.startswith("header")) and first < _HEAD and end - start <= 60:
            apart = next((m for m in _APART.finditer(text, start, end) if m.start() <= first < m.end()), None)
            if apart is not None:
                return apart.start(1), apart.end()
        return None


_INTERNAL = "内部(?:资料|文件|材料|刊物|参考|使用|传阅|文稿|情况|通讯|明电)|內部(?:資料|文件|材料|刊物|參考|使用|傳閱)"
_KEEP = "注意(?:保存|保密|保管)|(?:严禁|请勿|不得|禁止|切勿|嚴禁)(?:外传|外傳|外泄|翻印|复印|复制|转载|上网|扩散|传播)"
_CLOSED = "(?:不予|不得|不宜|不便|暂不|免予)(?:对外)?公(?:开|開|布)|不公开|依申[请請]公[开開]"
_WORDS = f"(?:{_INTERNAL}|{_KEEP}|{_CLOSED})"
_INTERNAL_WORD = re.compile(_WORDS)
#: Where such a word may begin: one class of characters first, which the search is quick for.
_INTERNAL_TRIGGER = re.compile("[内內注严嚴请禁切不暂免依](?:[部意][一-龥]|[禁勿止得予宜便公]|申[请請]公)")
_INTERNAL_LINE = re.compile(
    f"[{BLANKS}\\[【〔［(（★*]{{0,4}}(?:(?:本|此|该)?(?:文件|资料|材料|件|文|页)?(?:内容)?(?:为|系|属于|属|仅供|只供|限|以)?)?{_WORDS}"
    f"(?:[,，、;；{BLANKS}·•★]{{0,4}}(?:且|并)?{_WORDS}){{0,3}}[{BLANKS}\\]】〕］)）★*!！。]{{0,4}}"
)  # fmt: skip
#: What may stand behind such a word in a mark. A sentence that goes on is most often turned away by this alone.
_ENDS = re.compile(f"[{BLANKS}\\n\\r\\v\\f,，、;；:：·•★且并\\]】〕］)）*!！。》」』内內注严嚴请切不暂免依禁勿]|$")
_ITEM = re.compile(r"(?:此件|此文|本件|本文件|本资料|此资料)(?:内容)?(?:为|系|属于|属|仅供|只供)?$")
_PUBLIC_LABEL = re.compile(
    r"公[开開](?:方式|属性|屬性|类别|类型|选项|范围|形式|性质)[\s:：]{0,4}$|(?:公开方式|公开属性|公开类别|公开类型|公开选项)\s"
)
_OPENING, _CLOSING = "[【〔［(（", "]】〕］)）"


class InternalMark(Rule):
    """Marks that a text is internal (内部资料, 注意保存) or not to be disclosed (不予公开, 依申请公开)."""

    id = "internal-mark"
    severity = "block"
    source = INTERNAL_AFFAIRS
    message = gettext_noop("内部资料或不予公开的标志。请核实公开属性，不予公开或依申请公开的文件不得主动发布。")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        reached = -1
        for trigger in _INTERNAL_TRIGGER.finditer(reading.text):
            match = _INTERNAL_WORD.match(reading.text, trigger.start())
            if match is None or match.start() < reached:
                continue
            span = self._mark(reading, match.start(), match.end())
            if span is not None:
                reached = span[1]
                shown = reading.text[span[0] : span[1]]
                yield Hit(*span, re.sub(r"\s", "", shown), shown=shown)

    def _mark(self, reading: Reading, start: int, end: int) -> tuple[int, int] | None:
        text = reading.text
        word = text[start:end]
        before = text[max(0, start - 12) : start]
        if _ENDS.match(text, end) is None and "公" not in before and not reading.is_table:
            return None
        if _PUBLIC_LABEL.search(before) or (reading.is_table and _PUBLIC_LABEL.search(reading.column(start) + " ")):
            return start, end
        if _ITEM.search(before) and not text[end : end + 1].strip("。，,；;！!）)】]》」』的 \n\t\u3000"):
            return None if text[end : end + 1] == "的" else (start, end)
        if before[-1:] in _OPENING and before and text[end : end + 1] in _CLOSING and text[end : end + 1]:
            return (start, end) if self._bracket_is_mark(reading, start, end) else None
        first, last = reading.line(start, end)
        if last - first > 48 or _INTERNAL_LINE.fullmatch(text[first:last]) is None:
            return None
        if "公" in word and "件" not in before and not self._at_edge(reading, first, last):
            return None
        line = text[first:last]
        return first + len(line) - len(line.lstrip()), first + len(line.rstrip())

    def _bracket_is_mark(self, reading: Reading, start: int, end: int) -> bool:
        """Square brackets always; round ones where a line begins or ends with them."""
        if reading.text[start - 1] in "[【〔［":
            return True
        first, last = reading.line(start, end)
        return not reading.text[first : start - 1].strip() or not reading.text[end + 1 : last].strip()

    def _at_edge(self, reading: Reading, first: int, last: int) -> bool:
        """“依申请公开” alone on a line is also the heading of a section: a mark stands at the head or the foot."""
        if "\t" in (reading.text[first - 1 : first], reading.text[last : last + 1]):
            return False
        return (reading.first and first < _HEAD) or len(reading.text) - last < 60


_COPY = re.compile(
    "份\\s{0,4}号\\s{0,4}[:：]?\\s{0,4}([0-9]{1,6})(?![0-9])"
    "|第\\s{0,4}([0-9]{1,6})\\s{0,4}份\\s{0,3}[,，/／、]?\\s{0,3}[(（]?共\\s{0,4}[0-9]{1,6}\\s{0,4}份"
    "|共\\s{0,4}[0-9]{1,6}\\s{0,4}份\\s{0,3}[,，/／、]?\\s{0,3}[(（]?第\\s{0,4}([0-9]{1,6})\\s{0,4}份"
)
_COPY_HEAD = re.compile(
    r"(?:^|\n)[ \t\u3000]{0,8}(?:(?:编\s?号|編號)[:：\s]{0,3}|(?i:no)[.:：\s]{0,3}|№\s?)?"
    r"(0[0-9]{2,6}|(?<=[:：.№oO ])[0-9]{3,7})[ \t\u3000]{0,8}(?=\n|$|[绝絕絶机機秘祕★])"
)


class CopyNumber(Rule):
    """Numbers of copies (份号), which classified and internal documents have."""

    id = "copy-number"
    severity = "warn"
    source = STATE_SECRETS
    message = gettext_noop("份号。编有份号的文件通常是涉密或内部文件，请核实后再送审。")

    def hits(self, reading: Reading) -> Iterable[Hit]:
        text = reading.text
        if reading.first:
            head = _COPY_HEAD.search(text[:_HEAD])
            if head is not None:
                yield Hit(head.start(1), head.end(1), head[1], shown=head[1])
        if "份" not in text:
            return
        for match in reading.find_near_codes(_COPY):
            number = match[1] or match[2] or match[3]
            yield Hit(match.start(), match.end(), number, shown=match[0])
