"""The one definition of the unified metadata."""

from datetime import UTC, date, datetime

import pytest

from content_library.metadata import (
    CONTENT_FIELDS,
    DOCUMENT_FIELDS,
    is_empty,
    meta_tags,
    missing_required,
    rows,
    write_value,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("value", [None, "", "  ", "null", "None", "undefined", "-", "无"])
def test_words_for_nothing_are_empty(value):
    assert is_empty(value)


def test_times_are_written_as_the_regulation_wants_them():
    assert write_value(datetime(2026, 3, 1, 16, 5, tzinfo=UTC)) == "2026-03-02 00:05"
    assert write_value(date(2026, 3, 1)) == "2026-03-01"


def test_tags_carry_values_and_leave_out_what_is_empty():
    tags = meta_tags(CONTENT_FIELDS, {"title": "甲", "source": "乙", "keywords": "null", "author": ""})
    assert tags == [{"name": "ArticleTitle", "content": "甲"}, {"name": "ContentSource", "content": "乙"}]


def test_a_document_without_its_validity_is_named():
    missing = missing_required(DOCUMENT_FIELDS, {"title": "甲", "index_number": "1", "validity": "—"})
    assert any("时效" in sentence for sentence in missing)


def test_nobody_has_to_invent_an_issuing_body_or_a_date():
    assert not [
        word
        for sentence in missing_required(DOCUMENT_FIELDS, {})
        for word in ("发文机关", "成文日期")
        if word in sentence
    ]


def test_rows_keep_the_order_of_an_official_document():
    labels = [row["label"] for row in rows(DOCUMENT_FIELDS, {"title": "t", "issued_by": "i", "validity": "v"})]
    assert labels == ["发文机关", "标题", "时效"]
