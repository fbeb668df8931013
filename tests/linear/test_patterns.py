"""No pattern of the importer or the scanner does more work than grows with its text."""

import re
from collections import deque
from collections.abc import Callable
from typing import Any

import pytest

from tests.linear.patterns import every_pattern
from tests.linear.work import grows_too_fast
from tests.linear.worst_cases import pumps

pytestmark = pytest.mark.unit

QUICK, FULL = 4 * 1024, 2 * 1024 * 1024


def _run(pattern: re.Pattern[Any], use: str, beginning: str, unit: str) -> Callable[[int], object]:
    """What the product does with the pattern, on a text of so many characters that ends as nothing expects."""
    is_bytes = isinstance(pattern.pattern, bytes)

    def text(size: int) -> Any:
        whole = beginning + unit * (size // len(unit)) + "\x00"
        return whole.encode("latin-1", "replace") if is_bytes else whole

    made = {}

    def run(size: int) -> object:
        whole = made.get(size) or made.setdefault(size, text(size))
        if use in ("finditer", "findall", "sub", "subn", "split"):
            return deque(pattern.finditer(whole), 0)
        return getattr(pattern, use)(whole)

    return run


def faults(size: int) -> list[str]:
    found = []
    for used in every_pattern():
        for use in sorted({"finditer" if use in ("findall", "sub", "subn", "split") else use for use in used.uses}):
            for beginning, unit in pumps(used.pattern):
                times = grows_too_fast(_run(used.pattern, use, beginning, unit), size)
                if times:
                    found.append(f"{used.place} ({use}): {beginning!r} + {unit!r} * n costs {times:.0f} times for 8")
                    break
    return found


def test_every_pattern_reads_its_own_worst_case_in_work_that_grows_with_its_length():
    assert faults(QUICK) == []


@pytest.mark.soak
def test_every_pattern_reads_a_megabyte_of_its_own_worst_case():
    assert faults(FULL) == []


@pytest.mark.parametrize(
    ("written", "use"),
    [
        (r"\s*[年月日]\s*", "search"),
        (r"[\d一]+号", "search"),
        (r"<p>(.*?)</p>", "finditer"),
        (r"^附[ 　]*件[ 　]*\d*[ 　]*[:：]?$", "match"),
        (r"(?:[一-龥]{2,9}?(?:办公厅|厅)(?:[（(][一-龥]{1,9}[)）])?[ 、]?)+", "fullmatch"),
    ],
)
def test_a_pattern_that_looks_at_its_text_again_and_again_is_found(written, use):
    pattern = re.compile(written, re.DOTALL)
    assert any(grows_too_fast(_run(pattern, use, *pump), QUICK) for pump in pumps(pattern))


def test_patterns_are_found_wherever_they_stand():
    places = {used.place for used in every_pattern()}
    assert {
        "sites.documents_in.extraction.recognition.closing._BOTH",
        "sites.documents_in.extraction.recognition.numbering._PATTERNS",
        "sites.documents_in.extraction.spacing.squeeze",
        "sites.documents_in.extraction.recognition.ungluing._leading_field",
        "govplatform.confidentiality.scanning.rules.aggregation._SAID",
        "govplatform.confidentiality.scanning.disguises._odd_run",
        "govplatform.confidentiality.place_words._FORMS",
        "govplatform.untrusted_files.html._TAG",
        "search.text.document_numbers._NUMBER",
    } <= places
