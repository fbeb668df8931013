"""The shape of a rule over text, and of what it finds."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from govplatform.rule_packs.severity import Severity

if TYPE_CHECKING:
    from .reading import Reading

#: The full-width characters that numbers, plates, passports and addresses of e-mail are written with.
#: A class first and not a repeat, which the search skips to three times as quickly.
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＠．－＿＋＊][０-９Ａ-Ｚａ-ｚ＠．－＿＋＊]*")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

#: What stands between the parts of one number or one word: blanks of all kinds, and characters without width.
BLANKS = " \t\u00a0\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\u00ad"


def narrow(text: str) -> str:
    """``text`` with half-width digits and letters; as long as before, so offsets stay."""
    return _WIDE.sub(lambda found: found[0].translate(_NARROW), text)


class Hit(NamedTuple):
    """A place that a rule objects to: characters ``start`` to ``end`` of the reading.

    ``value``: normalised; equal values are the same thing. ``severity``: where it differs from the rule's own.
    ``shown``: how the excerpt shows it, '' for masked. ``note``: added to the rule's message.
    """

    start: int
    end: int
    value: str
    severity: Severity | None = None
    shown: str = ""
    note: str = ""
    suggestion: str = ""


class Rule(ABC):
    """A kind of thing that a reviewer must judge. ``source``: the regulation it comes from."""

    id: ClassVar[str]
    severity: ClassVar[Severity]
    source: ClassVar[str]
    message: ClassVar[str]

    @abstractmethod
    def hits(self, reading: "Reading") -> Iterable[Hit]:
        """Find every place in the reading that the rule objects to."""
