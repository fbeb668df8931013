"""A dictionary's word as scans know it, and the forms in which words and published values are compared.

Knows no model, so that guarded processes can use it.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

WordSeverity = Literal["block", "warn", "info"]

#: Kinds of published values whose digits alone are compared.
NUMBER = "number"
EMAIL, ADDRESS, LINK, HOST = "email", "address", "link", "host"


@dataclass(frozen=True, slots=True)
class DictionaryWord:
    """A word that a scan looks for. ``kind``: ``wrong`` (an expression with a better one) or ``sensitive``."""

    word: str
    kind: str
    severity: WordSeverity
    suggestion: str = ""


def comparable_word(word: str) -> str:
    """The form in which words are compared: half width, lower case, without blanks. Equal forms are one word."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


def comparable_value(value: str, kind: str) -> str:
    """A published value as the scanner compares it; '' when nothing is left to compare.

    Numbers: digits alone, without the country's prefix. Addresses: no spaces. Links: no scheme, no closing slash.
    Hosts: the host of whatever was given. All in lower case and half width.
    """
    folded = "".join(unicodedata.normalize("NFKC", value).lower().split())
    if kind == NUMBER:
        digits = "".join(character for character in folded if "0" <= character <= "9")
        return digits.removeprefix("86") if folded.startswith("+86") else digits
    if kind in (LINK, HOST):
        folded = folded.partition("://")[2] or folded
        if kind == HOST:
            for mark in "/?#":
                folded = folded.partition(mark)[0]
            return folded.rpartition("@")[2].partition(":")[0].strip(".")
        return folded.rstrip("/")
    return folded
