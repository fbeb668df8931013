"""Runs of long paragraphs that stand in a draft twice: which are suggested, and what their removal leaves."""

from typing import Any

import pytest

from sites.documents_in.repeats import repeated_runs, without_runs

pytestmark = pytest.mark.unit

A = "各镇按月报送河道巡护情况，逾期不报的予以通报批评。"
B = "巡护经费由县财政按每公里一千二百元的标准拨付到账。"
SIGNED = "试验县水务局"


def text(*paragraphs: str) -> dict[str, Any]:
    return {"type": "rich_text", "value": "".join(f"<p>{one}</p>" for one in paragraphs), "id": "t"}


def heading(words: str) -> dict[str, Any]:
    return {"type": "heading", "value": {"level": "2", "text": words}, "id": "h"}


def runs(*stream: dict[str, Any]) -> list[tuple[int, int, int]]:
    return [(run.first, run.again, len(run.texts)) for run in repeated_runs(list(stream))]


def test_two_long_paragraphs_in_a_row_are_a_run_and_one_is_none() -> None:
    assert runs(text(A, B, "间隔", A, B)) == [(1, 4, 2)]
    assert runs(text(A, B, "间隔", A)) == []


def test_lines_of_forms_and_signatures_are_no_run() -> None:
    assert runs(text("申请人：", "电话：", SIGNED, "间隔", "申请人：", "电话：", SIGNED)) == []


def test_a_run_goes_over_blocks_and_headings_but_not_over_tables_and_lists() -> None:
    table = {"type": "table", "value": {"rows": []}, "id": "x"}
    assert runs(heading("一、总则"), text(A, B), table, heading("一、总则"), text(A, B)) == [(1, 5, 3)]
    assert runs(text(A, B, "间隔", A), table, text(B)) == []
    broken = {"type": "rich_text", "value": f"<p>{A}</p><ul><li>甲</li></ul><p>{B}</p>", "id": "l"}
    assert runs(text(A, B), broken) == []


def test_the_same_paragraph_three_times_is_a_run_only_beside_another() -> None:
    assert runs(text(A, A, A)) == []
    assert runs(text(A, B, A, B, A, B)) == [(1, 3, 2), (1, 5, 2)]


def test_only_the_second_copy_goes_and_empty_blocks_with_it() -> None:
    stream = [heading("一、总则"), text(A, B, "间隔"), heading("一、总则"), text(A, B), text("末段")]
    left = without_runs(stream, repeated_runs(stream))
    assert left == [stream[0], stream[1], stream[4]]


def test_what_stands_between_in_a_block_stays() -> None:
    stream = [text(A, B, "间隔", A, B, "末段")]
    assert without_runs(stream, repeated_runs(stream)) == [text(A, B, "间隔", "末段")]


def test_a_text_of_many_equal_paragraphs_is_read_in_one_pass() -> None:
    assert len(repeated_runs([text(*[A, B] * 2000)])) > 0
