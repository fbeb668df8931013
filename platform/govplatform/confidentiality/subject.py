"""What a scan is given: values that whoever knows pages and files hands down. Knows no model."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from .scanning.pieces import Piece


@dataclass(frozen=True, slots=True)
class Basis:
    """By what a scan judges; a scan of another basis is out of date."""

    scanner_version: str
    rule_pack: str
    dictionary_version: str


@dataclass(frozen=True, slots=True)
class SubjectFile:
    """One image or document. ``name``: as citizens see it; ``sm3``: of the bytes that the digest covers.

    ``words``: what its record shows beside it, as place and text (``title``, ``file name``). ``open``: its bytes;
    raises OSError when they are gone.
    """

    kind: str
    object_id: int
    name: str
    sm3: str
    open: Callable[[], BinaryIO]
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """``pieces`` and ``facts``: of the page itself. ``column``: persons of the last items published beside it.

    ``changed``: in words, why this is no longer what the scan was asked for; '' when it is.
    """

    pieces: tuple[Piece, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    files: tuple[SubjectFile, ...] = ()
    column: tuple[tuple[str, ...], ...] = ()
    changed: str = ""
