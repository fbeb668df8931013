"""Files made after public reports of what scanners miss, with what each of them holds."""

from pathlib import Path
from typing import Any

import pytest

from govplatform.confidentiality.scanning.files import scan_file
from govplatform.confidentiality.scanning.settings import ScanSettings

pytestmark = pytest.mark.unit

CASES = Path(__file__).resolve().parents[1] / "cases"


def _pointed_at(name: str, *rules: str) -> list[str]:
    """The characters of the file, as it is stored, that the findings of the rules point at."""
    path = CASES / name
    text = path.read_text()
    answer: dict[str, Any] = scan_file(path, name, ScanSettings(), with_parts=False)
    found = [finding for finding in answer["findings"] if finding["rule"] in rules]
    return [text[one["offset"] : one["offset"] + one["length"]] for one in sorted(found, key=lambda one: one["offset"])]


def test_a_telephone_behind_another_one_is_found() -> None:
    assert _pointed_at("20-phone-slash.txt", "mobile", "landline") == [
        "0871-65101234", "13808765432", "65101299", "13908765433", "13708765434", "13608765435",
    ]  # fmt: skip


def test_a_telephone_that_touches_letters_and_signs_is_found() -> None:
    numbers = [*(f"1380876543{last}" for last in range(2, 9)), "138.0876.5439", "13808765440"]
    assert _pointed_at("21-phone-glued.txt", "mobile") == numbers


def test_the_residence_cards_of_foreigners_and_of_hong_kong_and_taiwan_are_found() -> None:
    assert _pointed_at("23-foreign-pr.txt", "id-card") == [
        "953840198503140175", "810000198001051238", "830000197506204569",
    ]  # fmt: skip


def test_a_mark_written_with_a_radical_is_found_in_the_stored_text() -> None:
    assert _pointed_at("28d-kangxi-mark.txt", "internal-mark") == ["内部⽂件"]
