"""Rules for passports (护照) and other papers of persons, and for e-mail addresses (电子邮箱)."""

import re
from collections.abc import Iterable, Iterator

from govplatform.sentences import gettext_noop

from ..articles import PRIVACY
from .papers import find_papers
from .reading import Reading
from .rule import Hit, Rule

#: Chinese passports (E, EA to EZ, G, D, S, P with their series) and permits for Hong Kong, Macao and Taiwan.
_PASSPORT = re.compile(r"[EGDSPMKCWTHL][A-Z]? ?[0-9]{7,10}(?![0-9A-Za-z_])")
_TOUCHED = re.compile(r"[A-Za-z0-9_/.=&%-]")
_ORDINARY = re.compile(r"(?:E[A-HJ-NP-Z]\d{7}|[EG]\d{8})")
_PERMITTED = re.compile(
    r"(?:E[A-HJ-NP-Z]\d{7}|[EGDSP]\d{7,8}|[DSP]E\d{7}|MA\d{7}|KJ?\d{7,8}|[CWTL][A-HJ-NP-Z]?\d{7,8}|[HM]\d{8}(?:\d\d)?)"
)
_PASSPORT_LABEL = re.compile(r"护照|護照|通行证|通行證|证件号|(?i:passport)")


class Passport(Rule):
    """Numbers of passports, permits and other papers of persons; a warning where no word says what it is."""

    id = "passport"
    severity = "block"
    source = PRIVACY
    message = gettext_noop("护照、通行证或其他证件号码。请删除或遮盖后再送审。")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        text = reading.text
        spans: set[int] = set()
        for hit in find_papers(reading):
            spans.update(range(hit.start, hit.end))
            yield hit
        for match in reading.find_near_codes(_PASSPORT):
            if match.start() in spans or _TOUCHED.match(text[max(0, match.start() - 1) : match.start()]):
                continue
            number = match[0].replace(" ", "")
            named = bool(_PASSPORT_LABEL.search(reading.label(match.start(), 40)))
            if named and _PERMITTED.fullmatch(number):
                yield Hit(match.start(), match.end(), number)
            elif _ORDINARY.fullmatch(number) and " " not in match[0]:
                yield Hit(match.start(), match.end(), number, "warn", note="前后没有写明是护照，请核实。")


_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}$")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9])")


class Email(Rule):
    """E-mail addresses."""

    id = "email"
    severity = "info"
    source = PRIVACY
    message = gettext_noop("电子邮箱。请确认是对外公布的工作邮箱。")

    def hits(self, reading: Reading) -> Iterable[Hit]:
        text = reading.text
        at = text.find("@")
        while at >= 0:
            local = _LOCAL.search(text[max(0, at - 64) : at])
            domain = _DOMAIN.match(text, at + 1)
            if local is not None and domain is not None:
                start = at - len(local[0])
                yield Hit(start, domain.end(), text[start : domain.end()].lower())
            at = text.find("@", at + 1)
