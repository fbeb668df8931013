"""A line of the log stays one line, says where it belongs, and names nobody."""

import io
import json
import logging
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import ResolverMatch

from govplatform.logs.context import during_job, during_request, id_of_request, person_id
from govplatform.logs.formatters import JsonLines, PlainLines
from govplatform.serving.observed import kind_of, shown_path

pytestmark = pytest.mark.unit
TYPED = "/搜索\n2026-11-30 ERROR forged\r\x1b[2K\u202e\u2028\x00"


def written(formatter: logging.Formatter, message: str, **extra: Any) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger("tests.lines")
    logger.addHandler(handler)
    # what it says is no text for those who report on tests
    logger.propagate = False
    try:
        try:
            raise ValueError(f"refused: {TYPED}")
        except ValueError:
            logger.exception(message, TYPED, extra=extra)
    finally:
        logger.removeHandler(handler)
    return stream.getvalue()


def test_a_line_of_json_is_one_line_with_the_site_request_job_and_person():
    with during_request("0" * 32) as name, during_job(17):
        person_id.set(5)
        text = written(JsonLines(), "not found: %s", request="<WSGIRequest>", status_code=404)
    assert text.isprintable() is False and text[:-1].isprintable() and text.endswith("\n")
    line = json.loads(text)
    assert line["message"] == f"not found: {TYPED}"
    assert (line["site"], line["request"], line["job"], line["person"]) == ("public", name, 17, 5)
    assert line["status_code"] == 404
    assert "ValueError: refused" in line["trace"]
    assert line["time"].endswith("+00:00") and line["level"] == "ERROR"


def test_outside_of_requests_and_jobs_a_line_has_neither():
    line = json.loads(written(JsonLines(), "%s"))
    assert not line.keys() & {"request", "job", "person"}


def test_a_line_for_people_cannot_be_forged_and_does_not_touch_the_terminal():
    text = written(PlainLines(), "not found: %s")
    first, *trace = text[:-1].split("\n")
    assert "not found: /搜索\\n2026-11-30 ERROR forged\\r\\u001b[2K\\u202e\\u2028\\u0000" in first
    assert all(line.startswith("  ") and line.isprintable() for line in trace)


def test_only_the_front_server_names_requests():
    told = "0123456789abcdef" * 2
    assert id_of_request(told) == told
    for other in ("", "x", told.upper(), told + "\n", "a\nb"):
        assert id_of_request(other) != other


def test_the_log_of_accesses_has_neither_what_was_searched_nor_what_opens_an_account():
    request = RequestFactory().get("/admin/start/MQ/abc-def/", {"q": "13800000000"})
    request.resolver_match = ResolverMatch(lambda: None, (), {"uidb64": "MQ", "token": "abc-def"})
    assert shown_path(request) == "/admin/start/*/*/"
    assert kind_of(RequestFactory().post("/admin/pages/")) == "form"
    assert kind_of(RequestFactory().get("/search/")) == "search"
