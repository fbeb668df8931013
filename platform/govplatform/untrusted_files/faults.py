"""Faults of a stranger's file, by kind; whoever reads the file words them for its reader."""

from typing import Literal

#: ``broken``: damaged, or no file of that kind; ``bomb``: unpacks to more than it may; ``too many``: more entries than
#: it may have; ``encrypted``: opens with a password only; ``entities``: XML with a document type or entities;
#: ``too deep``: elements inside of elements beyond the limit.
FaultKind = Literal["broken", "bomb", "too many", "encrypted", "entities", "too deep"]


class FileFault(Exception):
    """A file failed a check of this package; ``kind`` says which."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(kind)
        self.kind = kind
