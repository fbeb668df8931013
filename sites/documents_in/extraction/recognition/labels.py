"""The reading of label lines and label tables at the head of a document (索引号, 发文机关, 发布日期, 来源 ...)."""

import re
from datetime import date

from sites.documents_in.extraction.recognition.dates import DATE, find_date
from sites.documents_in.extraction.spacing import squeeze, tidy

# Label as printed (spaces removed) to what it fills; "" keeps it under its own name, "-" is page furniture.
LABELS: dict[str, str] = {
    "标题": "title", "標題": "title", "名称": "title", "文件名称": "title", "信息名称": "title",
    "发文字号": "document_number", "發文字號": "document_number", "文号": "document_number",
    "文號": "document_number", "发文文号": "document_number",
    "发文机关": "issued_by", "發文機關": "issued_by", "发布机构": "issued_by", "发文单位": "issued_by",
    "發布機構": "issued_by", "发布机关": "issued_by", "制发机关": "issued_by",
    "成文日期": "issued_on", "发文日期": "issued_on", "發文日期": "issued_on", "生成日期": "issued_on",
    "发布日期": "published_on", "發布日期": "published_on", "發佈日期": "published_on",
    "发布时间": "published_on", "發布時間": "published_on", "公开日期": "published_on",
    "公布日期": "published_on", "发稿时间": "published_on", "时间": "published_on",
    "来源": "source", "來源": "source", "信息来源": "source", "文章来源": "source", "稿件来源": "source",
    "索引号": "", "索引號": "", "主题分类": "", "主題分類": "", "主题词": "", "主題詞": "",
    "体裁": "", "体裁分类": "", "组配分类": "", "服务对象": "", "时效": "", "有效性": "", "公开方式": "",
    "责任编辑": "-", "責任編輯": "-", "编辑": "-", "作者": "", "浏览次数": "-", "瀏覽次數": "-",
    "浏览量": "-", "阅读次数": "-", "点击数": "-", "字体": "-", "字号": "-", "字體": "-", "分享到": "-",
    "打印": "-", "审核": "-", "视力保护色": "-",
    "信息分类": "", "效力状态": "", "废止日期": "", "生效日期": "", "关键词": "",
}  # fmt: skip
_NAMES = "|".join(r"[\s　]*".join(name) for name in sorted(LABELS, key=len, reverse=True))
_LABEL = re.compile(rf"(?:^|(?<=[\s　|｜丨;；】\]）)]))[\[【]?(?P<name>{_NAMES})[\]】]?[\s　]*[:：][\s　]*")
_DATED = ("issued_on", "published_on")
_BARE_DATE = re.compile(rf"^{DATE}(?:[\s　]*\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?$")


def read_label_line(text: str) -> dict[str, str]:
    """Return {label: value} of a line that begins with a label, {} for any other. One line may hold several labels."""
    found = list(_LABEL.finditer(text)) if len(text) <= 200 else []
    if not found or found[0].start() != 0:
        return {}
    values: dict[str, str] = {}
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        values[squeeze(match["name"])] = tidy(text[match.end() : end]).strip("|｜丨[]【】 　")
    if any("。" in value for value in values.values()):
        return {}
    # "作者：" alone is the author's line below a title; "生成日期：" without a date begins a sentence.
    if set(values) <= {"作者"}:
        return {}
    if any(LABELS.get(label) in _DATED and value and not find_date(value) for label, value in values.items()):
        return {}
    # "时间：" also begins ordinary sentences of a notice; only a bare date makes it a label.
    if set(values) <= {"时间"} and not all(_BARE_DATE.match(value) for value in values.values()):
        return {}
    return values


def is_label_line(text: str) -> bool:
    """Say whether the line consists of labels and their values."""
    return bool(read_label_line(text))


def read_label_table(rows: list[list[str]]) -> dict[str, str]:
    """Return {label: value} of a table that consists of labels and values side by side; {} for any other table."""
    values: dict[str, str] = {}
    cells = 0
    for row in rows:
        index = 0
        filled = [cell for cell in row if cell]
        while index < len(filled):
            cells += 1
            name = squeeze(filled[index]).rstrip(":：").strip("[]【】")
            inline = read_label_line(filled[index])
            if name in LABELS:
                following = filled[index + 1] if index + 1 < len(filled) else ""
                is_label = squeeze(following).rstrip(":：").strip("[]【】") in LABELS
                values[name] = "" if is_label else tidy(following)
                index += 1 if is_label else 2
                continue
            if inline:
                values |= inline
            index += 1
    return values if len(values) >= 2 and len(values) >= cells * 0.6 else {}


def date_of(value: str) -> date | None:
    """Return the date in a label's value, or None."""
    return find_date(value)
