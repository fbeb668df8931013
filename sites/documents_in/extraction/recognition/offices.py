"""The recognition of the names of issuing bodies (发文机关)."""

import re

_SUFFIX = (
    "人民政府办公厅|人民政府办公室|人民政府|人民政府辦公廳|人民政府辦公室|国务院办公厅|國務院辦公廳|国务院|國務院"
    "|办公厅|办公室|辦公廳|辦公室|委员会|委員會|管理局|监督管理局|管理委员会|领导小组|領導小組|指挥部|人民代表大会常务委员会"
    "|人民法院|人民检察院|中心|总局|總局|厅|廳|局|委|部|署|院|会|會|处|處|行"
)
OFFICE = rf"[\u4e00-\u9fff]{{2,24}}?(?:{_SUFFIX})(?:[（(][\u4e00-\u9fff]{{1,10}}[)）])?"
#: A name that a gap or the end follows, and the one way to read it: 人民政府办公厅 is not tried again as 办公厅, which
#: would double the work with every further name of the line.
_ONE = rf"(?>{OFFICE}(?![^ 　、]))"
_LINE = re.compile(rf"{_ONE}(?:[ 　、]++{_ONE})*+")
#: Names side by side, of which only the last may have something else right behind it.
OFFICES = rf"(?:{_ONE}[ 　、]++)*{OFFICE}"
_SEVERAL = re.compile(r"[ 　、]+")
# "省政府办公厅": says the rank, not which province.
_NOT_FIRST = ("转发", "轉發", "批转", "批轉", "印发", "印發", "关于", "關於")
_ABBREVIATED = re.compile(r"^(?:省|市|县|縣|区|區|州|盟|旗|自治区|省政府|市政府|县政府)(?!级)")
_ACT = "(?:转发|轉發|批转|批轉|印发|印發)"
_OF_TITLE = re.compile(rf"^(?P<office>.{{2,60}}?)(?:关于|關於|{_ACT})")


def is_office_line(text: str) -> bool:
    """Say whether the whole line is the name of one or several issuing bodies."""
    return len(text) <= 80 and "关于" not in text and bool(_LINE.fullmatch(text))


def office_of_title(title: str) -> str:
    """Return the issuing body before "关于" (or 转发, 批转, 印发) in a title; "" when it does not begin with one."""
    found = _OF_TITLE.match(title)
    if found is None or title.startswith(_NOT_FIRST) or not is_office_line(found["office"]):
        return ""
    return join_offices(found["office"])


def is_abbreviated(office: str) -> bool:
    """Say whether the name leaves out the place ("省政府办公厅")."""
    return bool(_ABBREVIATED.match(office))


def join_offices(text: str) -> str:
    """Return several names, which a signature sets apart by spaces, joined by 、."""
    return _SEVERAL.sub("、", text.strip(" 　"))
