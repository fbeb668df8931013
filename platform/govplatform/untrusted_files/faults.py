"""What may be wrong with a stranger's file. Whoever reads it says it in words of its own."""

from typing import Literal

#: ``broken``: damaged, or no file of that kind; ``bomb``: unpacks to more than it may; ``too many``: more entries than
#: it may have; ``encrypted``: opens with a password only; ``entities``: XML with a document type or entities;
#: ``too deep``: elements inside of elements beyond the limit.
FaultKind = Literal["broken", "bomb", "too many", "encrypted", "entities", "too deep"]


class FileFault(Exception):
    """A check of this package failed."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(kind)
        self.kind = kind
