"""机动车号牌: plates of vehicles by GA 36, those of embassies, consulates, the army and the armed police."""

import re
from collections.abc import Iterator

from govplatform.sentences import gettext_noop

from ..articles import PRIVACY
from .reading import Reading
from .rule import Hit, Rule

_PROVINCE = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_SIGN = "[A-HJ-NP-Za-hj-np-z0-9]"
_DOT = "[·•.・\\- ]"
#: Ordinary ones; those of new-energy cars, small (letter first) and large (letter last); set wide.
_PLATE = re.compile(
    f"[{_PROVINCE}] ?[A-HJ-NP-Za-hj-np-z]{_DOT}{{0,3}}"
    f"(?:[A-HJKa-hjk]{_SIGN}[0-9]{{4}}|[0-9]{{5}}[A-HJKa-hjk]|{_SIGN}{{4}}(?:{_SIGN}|[警学港澳挂领])"
    f"|(?<= ){_SIGN}(?: {_SIGN}){{4,5}})(?! ?[0-9A-Za-z])"
)
#: One class of characters first, which the search is quick for; as in the patterns below.
_SERVICE = re.compile(
    f"[军海空北沈兰济南广成W](?:(?<!W)[A-HJ-NP-Z]{_DOT}{{0,3}}[0-9]{{5}}"
    f"|(?<=W)J{_DOT}?(?:[{_PROVINCE}]|[0-3][0-9]){_DOT}{{0,3}}[0-9]{{4}}[0-9A-Z警消边水电林金森交]?)(?![0-9A-Za-z])"
)
_EMBASSY = re.compile(f"使{_DOT}?[0-9]{{3}}{_DOT}?[0-9]{{3}}(?![0-9A-Za-z])")
#: The same with the character at its end: the digits before it.
_EMBASSY_BEFORE = re.compile(f"(?<![0-9A-Za-z])[0-9]{{3}}{_DOT}?[0-9]{{3}}$")
#: A plate of the army since 2012 has letters and digits alone, as many codes have.
_LETTERED = re.compile(f"[A-Z](?<![0-9A-Za-z{_PROVINCE}].)[A-Z]{_DOT}{{0,3}}[0-9]{{5}}(?![0-9A-Za-z])")
_LABEL = re.compile("车牌|号牌|牌照|牌号|车号|车辆|驾驶|轿车|汽车|客车|货车|越野车|军车|使馆车")
_APART = re.compile(r"[一-龥0-9A-Za-z]")
_BETWEEN = re.compile(_DOT)


class Plate(Rule):
    """Number plates of vehicles."""

    id = "plate"
    severity = "warn"
    source = PRIVACY
    message = gettext_noop("机动车号牌。请核实是否涉及个人，必要时遮盖。")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        text = reading.text
        for pattern in (_PLATE, _SERVICE):
            for match in reading.find_near_codes(pattern):
                number = _BETWEEN.sub("", match[0]).upper()
                if sum(character.isdigit() for character in number[2:]) >= 2:
                    yield Hit(match.start(), match.end(), number)
        for start, end in self._of_embassies(text):
            if _LABEL.search(reading.label(start, 16)) or self._stands_apart(text, start, end):
                yield Hit(start, end, _BETWEEN.sub("", text[start:end]))
        for match in reading.find_near_codes(_LETTERED):
            if match[0][:2] != "WJ" and _LABEL.search(reading.label(match.start(), 16)):
                yield Hit(match.start(), match.end(), _BETWEEN.sub("", match[0]))

    def _of_embassies(self, text: str) -> Iterator[tuple[int, int]]:
        at = text.find("使")
        while at >= 0:
            after = _EMBASSY.match(text, at)
            before = _EMBASSY_BEFORE.search(text[max(0, at - 8) : at])
            if after is not None:
                yield at, after.end()
            elif before is not None and text[at + 1 : at + 2] != "馆":
                yield at - len(before[0]), at + 1
            at = text.find("使", at + 1)

    def _stands_apart(self, text: str, start: int, end: int) -> bool:
        """“使 100000 余人受益” is a sentence; a plate has neither a word before nor one behind it."""
        return _APART.search(text[max(0, start - 1) : start] + text[end : end + 1]) is None
