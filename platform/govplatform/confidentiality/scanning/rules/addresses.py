"""住址: an address precise enough to lead to somebody's door. A street with a number alone is taken for an office's."""

import re
from collections.abc import Iterator

from govplatform.sentences import gettext_noop

from ..articles import PRIVACY
from .reading import Reading
from .rule import Hit, Rule

_COUNT = "[0-9一二三四五六七八九十百零〇]{1,5}"
_UNIT = f"(?:{_COUNT}\\s?(?:号楼|号院|栋|幢|座|单元|号房|室|户|楼|层))"
_TEAM = "(?:村民小组|小组|组|社|生产队|队)"
_TAIL = re.compile(
    f"\\s?(?:[-—－]\\s?[0-9]{{1,5}}){{1,4}}室?|\\s?[0-9]{{1,4}}(?:\\s?[-—－]\\s?[0-9]{{1,5}}){{2,4}}室?"
    f"|院?(?:[,，\\s]?{_UNIT}){{1,6}}(?:\\s?{_COUNT}\\s?号)?"
)
#: Villages with group, team or house; streets with a number; estates with a building. One class of characters comes
#: first, so that a text without any of them costs next to nothing.
_CORE = re.compile(
    "[村屯寨庄路街巷弄道同区园寓苑庭郡府](?:"
    f"(?<=[村屯寨庄])\\s?(?:民委员会|委会)?\\s?(?:第\\s?)?(?:{_COUNT}|[一-龥]{{1,3}}?)\\s?{_TEAM}(?:\\s?{_COUNT}\\s?[号户])?"
    f"|(?<=[村屯寨庄])\\s?{_COUNT}\\s?[号户]"
    f"|(?<=[路街巷弄道同])\\s?(?:{_COUNT}\\s?弄\\s?)?{_COUNT}(?:\\s?[-—之]\\s?[0-9]{{1,4}})?\\s?号(?!文|令|公告|线)"
    f"|(?<=[区园寓村苑庭郡府])\\s?(?:[A-Za-z0-9一二三四五六七八九十东西南北]{{1,3}}区\\s?)?"
    f"(?={_COUNT}\\s?(?:号楼|栋|幢|座|单元|[-—－]\\s?[0-9])))"
)
_HOME = re.compile(r"住\s?址|住所|家庭地址|户籍|居住|住在|家住|戶籍|现住|暂住")
_OFFICE = re.compile(r"办公|单位|地点|办理|受理|窗口|中心|会议|邮编|通讯|通信|机关|来访|寄送|投诉")
_BEFORE = re.compile(r"[一-龥0-9]{0,24}$")
_GROUP_NUMBER = re.compile(f"{_COUNT}\\s?(?:村民小组|小组|组|社|生产队|队)")


class Address(Rule):
    """Addresses of homes."""

    id = "address"
    severity = "warn"
    source = PRIVACY
    message = gettext_noop("详细住址。请核实是否个人住址，属实的须删除或只保留到乡镇、街道。")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        text = reading.text
        reached = 0
        for match in _CORE.finditer(text):
            if match.start() < reached:
                continue
            tail = _TAIL.match(text, match.end())
            end = tail.end() if tail is not None else match.end()
            if not self._is_home(reading, match, tail is not None):
                continue
            start = max(reached, match.start() - len(self._begin(text, match.start())))
            reached = end
            yield Hit(start, end, re.sub(r"\s", "", text[start:end]))

    def _is_home(self, reading: Reading, match: re.Match[str], has_unit: bool) -> bool:
        core = match[0]
        if core[-1] != "号" and core[0] not in "村屯寨庄":
            return has_unit
        label = reading.label(match.start(), 40)
        if core[0] in "村屯寨庄":
            # “驻村工作队”, “村合作社” are no addresses: a group has a number, or stands behind the word for a home.
            return bool(_GROUP_NUMBER.search(core) or core[-1] in "号户" or _HOME.search(label))
        return (has_unit and not _OFFICE.search(label)) or bool(_HOME.search(label))

    def _begin(self, text: str, at: int) -> str:
        match = _BEFORE.search(text[max(0, at - 24) : at])
        words = match[0] if match is not None else ""
        for label in ("住址", "地址", "现住", "家住", "住在", "住"):
            cut = words.rfind(label)
            if cut >= 0:
                return words[cut + len(label) :]
        return words
