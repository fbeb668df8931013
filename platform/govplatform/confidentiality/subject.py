"""What a scan is given, as plain values; the layers above know pages and files and fill them in. Knows no model."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from .scanning.pieces import Piece


@dataclass(frozen=True, slots=True)
class Basis:
    """The versions that a scan judges by; a scan of another basis is out of date."""

    scanner_version: str
    rule_pack: str
    dictionary_version: str


@dataclass(frozen=True, slots=True)
class SubjectFile:
    """One image or document of a page. ``name``: as citizens see it; ``sm3``: of the bytes that the digest covers.

    ``words``: what its record shows beside it, (place, text) each (``title``, ``file name``). ``open``: opens its
    bytes; raises OSError when they are gone.
    """

    kind: str
    object_id: int
    name: str
    sm3: str
    open: Callable[[], BinaryIO]
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """A page with its files, to be scanned. ``pieces``, ``facts``: of the page itself (``engine.scan_facts``).

    ``column``: the persons of the items published last in the same column. ``changed``: a sentence on why the page is
    no longer what the scan was asked for; '' when it is.
    """

    pieces: tuple[Piece, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    files: tuple[SubjectFile, ...] = ()
    column: tuple[tuple[str, ...], ...] = ()
    changed: str = ""
