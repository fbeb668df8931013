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
MAX_TITLE = 150
MAX_LINE = 70


def is_complete(title: str) -> bool:
    """Say whether the text ends with the kind of document (通知, 意见 ...), as a whole title does."""
    return bool(_COMPLETE.search(title))


def may_be_title_line(text: str) -> bool:
    """Say whether a line could be (a part of) a title."""
    return 2 <= len(text) <= MAX_LINE and not _SENTENCE_END.search(text) and "。" not in text


def wants_more(title: str) -> bool:
    """Say whether a title that began is not finished on its line."""
    if is_complete(title):
        return False
    return "关于" in title or "關於" in title or title[-1] in "、的和与及暨"
