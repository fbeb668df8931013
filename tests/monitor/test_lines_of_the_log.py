"""A line of the log stays one line, says where it belongs, and names nobody."""

import io
import json
import logging
from typing import Any

import pytest
from django.test import RequestFactory

from govplatform.logs.context import during_job, during_request, id_of_request, person_id
from govplatform.logs.formatters import JsonLines, PlainLines
from govplatform.logs.hiding import without_secrets
from govplatform.serving.observed import kind_of, shown_path

pytestmark = pytest.mark.unit
TYPED = "/搜索\n2026-11-30 ERROR forged\r\x1b[2K\u202e\u2028\x00"


def written(formatter: logging.Formatter, message: str, *, trace_says: str = "", **extra: Any) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger("tests.lines")
    logger.addHandler(handler)
    # what it says is no text for those who report on tests
    logger.propagate = False
    try:
        try:
            raise ValueError(trace_says or f"refused: {TYPED}")
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
    assert shown_path(request) == "/admin/start/*/*/"
    # answered before any view was found: without the slash, at another host, below the prefix of traditional pages
    for path in ("/admin/start/MQ/abc-def", "/zh-hant/admin/start/MQ/abc-def/", "/admin/x/start/MQ/abc-def/y"):
        assert "abc-def" not in shown_path(RequestFactory().get(path))
    assert shown_path(RequestFactory().get("/admin/pages/3/edit/")) == "/admin/pages/3/edit/"
    assert kind_of(RequestFactory().post("/admin/pages/")) == "form"
    assert kind_of(RequestFactory().get("/search/")) == "search"


#: What a line may quote -> what it must not have, and what it keeps.
QUOTED = (
    ("Not Found: /admin/start/MQ/abc-def/", "abc-def", "Not Found: /admin/start/*/*"),
    ("DETAIL:  Key (email)=(a@b.cn) already exists.", "a@b.cn", "Key (email)=(…) already exists."),
    ("DETAIL:  Key (lower(a), b)=(x) y, 7) is still referenced", "x) y", "Key (lower(a), b)=(…) is still"),
    ("DETAIL:  Failing row contains (7, pbkdf2$1, (a)\n.., null).\nnext", "pbkdf2", "contains (…)\nnext"),
    ('CONTEXT:  COPY accounts_user, line 3: "7\tpbkdf2$1"', "pbkdf2", "CONTEXT:  COPY accounts_user, line 3: …"),
    ("件 11010519491231002X 有误", "19491231", "件 110105************ 有误"),
)


@pytest.mark.parametrize(("quoted", "hidden", "kept"), QUOTED)
def test_no_line_has_what_opens_an_account_or_what_rows_hold(quoted: str, hidden: str, kept: str):
    for formatter in (JsonLines(), PlainLines()):
        text = written(formatter, f"{quoted} %s", trace_says=quoted)
        assert hidden not in text
    assert kept in without_secrets(quoted)
