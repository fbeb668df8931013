"""The recognition of the titles of official documents."""

import re

KINDS = (
    "通知|意见|意見|办法|辦法|规定|規定|决定|決定|公告|通告|方案|细则|細則|条例|條例|报告|報告|函|批复|批覆|纪要|紀要|规划|規劃"
    "|要点|要點|制度|指南|指引|解读|解讀|公报|公報|议案|議案|请示|請示|命令|令|通报|通報|计划|計劃|目录|目錄|清单|清單|章程|准则|準則"
    "|标准|標準|规范|規範|规程|規程|预案|預案|说明|說明|总结|措施|名单|一览表|汇编|政策|建议|草案|公示|声明|启事|问答"
)
_COMPLETE = re.compile(rf"(?:{KINDS})(?:[（(〔\[][^（）()]{{1,30}}[）)〕\]])*[》”]?$")
GLUED_TITLE = rf"[\u4e00-\u9fff、（）()]{{2,40}}?(?:关于|關於)[^。《》：:]{{4,80}}?(?:{KINDS})"
_SENTENCE_END = re.compile(r"[。；;！!？?，,：:]$")
_LEFT_OVER = " 　'\"<>/\\＜＞"
_STATES = "试行|暂行|修订|修正|修改|草案|稿|版|年度?|节选|摘要"
_LATER = re.compile(rf"[（(〔\[][^（()）。：:]{{0,26}}(?:{_STATES})[）)〕\]]")
_PAIRS = {"《": "》", "（": "）", "(": ")", "“": "”", "〈": "〉"}
MAX_TITLE = 300
MAX_LINE = 70


def is_complete(title: str) -> bool:
    """Say whether the text ends with the kind of document (通知, 意见 ...), as a whole title does."""
    return bool(_COMPLETE.search(title))


def may_be_title_line(text: str) -> bool:
    """Say whether a line could be (a part of) a title: a short one, or a long one that ends with the kind."""
    if len(text) < 2 or _SENTENCE_END.search(text) or "。" in text:
        return False
    return len(text) <= MAX_LINE or (len(text) <= MAX_TITLE and _says_about(text) and is_complete(text))


def may_follow_title(text: str) -> bool:
    """Say whether a line is a remark that belongs to the title above it, such as （试行）."""
    return bool(_LATER.fullmatch(text))


def is_open(title: str) -> bool:
    """Say whether a bracket or quotation mark of the title is still open, so that it goes on."""
    waiting: list[str] = []
    for char in title:
        if char in _PAIRS:
            waiting.append(_PAIRS[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
    return bool(waiting)


def wants_more(title: str) -> bool:
    """Say whether a title that began is not finished on its line."""
    if is_open(title):
        return True
    if is_complete(title):
        return False
    return _says_about(title) or title[-1] in "、的和与及暨"


def without_left_overs(line: str) -> str:
    """Return a line of a title without the marks that a damaged page leaves at its ends, such as `'>`."""
    bare = line.strip(_LEFT_OVER)
    # A mark that opens or closes a quotation within the title is no left-over.
    for mark in "\"'":
        if bare.count(mark) % 2 and line.count(mark) == bare.count(mark) + 1:
            bare = mark + bare if line.lstrip(" 　").startswith(mark) else bare + mark
    return bare


def _says_about(title: str) -> bool:
    return "关于" in title or "關於" in title
