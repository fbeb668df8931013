"""Document numbers in any of the ways in which people write them, to one form.

粤府〔2017〕47号, 粤府[2017]47, 粤府 (2017) 47 号, 粤府2017年第47号 -> issuer 粤府, year 2017, serial 47.
"""

import re
import unicodedata
from dataclasses import dataclass

from .folding import fold

_OPEN, _CLOSE = "[〔\\[({<《【「『〈⟨]", "[〕\\])}>》】」』〉⟩]"
#: After NFKC. The issuer is taken as far as characters reach; in running text that may be too far (``mentioned``).
_NUMBER = re.compile(
    rf"(?P<issuer>[\u3400-\u9fff]{{0,20}})[ ]?"
    rf"(?:{_OPEN}[ ]?(?P<year>(?:19|20)\d\d)[ ]?年?[ ]?{_CLOSE}[ ]?第?[ ]?(?P<serial>\d{{1,6}})(?!\d)[ ]?[号號]?"
    rf"|(?P<year_2>(?:19|20)\d\d)[ ]?年[ ]?第?[ ]?(?P<serial_2>\d{{1,6}})[ ]?[号號])"
)


@dataclass(frozen=True)
class DocumentNumber:
    """A document number. ``start``, ``end``: where it stands in the text after NFKC, its issuer included."""

    issuer: str
    year: str
    serial: str
    start: int
    end: int

    @property
    def short(self) -> str:
        """Year and serial: ``2017:47``."""
        return f"{self.year}:{self.serial}"

    @property
    def whole(self) -> str:
        """The number with its issuer, folded: ``粤府2017:47``."""
        return f"{fold(self.issuer)}{self.short}"


def find_numbers(text: str) -> list[DocumentNumber]:
    """Return the document numbers in ``text``, which is in the form NFKC, in the order in which they stand."""
    return [
        DocumentNumber(
            found["issuer"],
            found["year"] or found["year_2"],
            (found["serial"] or found["serial_2"]).lstrip("0") or "0",
            found.start(),
            found.end(),
        )
        for found in _NUMBER.finditer(text)
    ]


def compatible(text: str) -> str:
    """Return ``text`` in the form NFKC, in which numbers are looked for."""
    return unicodedata.normalize("NFKC", text)


def own_number_forms(number: str) -> list[str]:
    """Return the forms by which a document with this number is found as its own: the whole one, and without issuer.

    A number of another kind (省政府令第123号) has one form, its folded text. '' has none.
    """
    found = find_numbers(compatible(number))
    if found:
        return [f"={found[0].whole}", found[0].short]
    folded = fold(number).replace("\n", "")
    return [f"={folded}"] if folded else []
