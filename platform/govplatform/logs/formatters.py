"""A line of the log, for machines (JSON) and for people at a terminal.

Whatever a citizen typed may come into a message (an address, a host, an error of the database that quotes a value): a
line stays one line, and nothing in it moves the cursor, colours the terminal or turns the writing around.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from pythonjsonlogger.json import JsonFormatter

from .context import job_id, person_id, request_id
from .hiding import without_secrets

#: Characters of a message; of a traceback the end is kept, where it says what happened.
LONGEST_MESSAGE, LONGEST_TRACE = 8_000, 20_000
_CUT = "…"


def escaped(text: str) -> str:
    """``text`` with what is not printable as ``\\uXXXX``: control characters, directions, line separators."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)


def line_context() -> dict[str, str | int]:
    """Where a line belongs: what is not known is left out."""
    facts: dict[str, str | int | None] = {
        "site": getattr(connection, "schema_name", None),
        "request": request_id.get() or None,
        "job": job_id.get(),
        "person": person_id.get(),
    }
    return {name: value for name, value in facts.items() if value is not None}


class JsonLines(JsonFormatter):
    """One object a line: ``time`` (UTC), ``level``, ``logger``, ``message``, ``site`` (schema), ``request``, ``job``,
    ``person``, whatever the line brought as ``extra``, and ``trace``.
    """

    def __init__(self, **_options: Any) -> None:
        # the request that Django hangs to its lines has cookies and addresses of people
        reserved = [*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName", "request", "server"]
        super().__init__("%(message)s", json_ensure_ascii=False, reserved_attrs=reserved)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        record: logging.LogRecord = log_data.pop("_record")
        message = without_secrets(str(log_data.pop("message", "")))
        trace = log_data.pop("exc_info", "") or log_data.pop("stack_info", "")
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _cut(message, LONGEST_MESSAGE),
            **line_context(),
        }
        if (facts := _facts(record)) is not None:
            line.update(message=facts.get("event", ""), facts=facts)
        fixed = ("time", "level", "logger", "message")
        line.update((name, value) for name, value in log_data.items() if name not in fixed)
        if trace:
            line["trace"] = without_secrets(str(trace))[-LONGEST_TRACE:]
        return line

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        super().add_fields(log_data, record, message_dict)
        log_data["_record"] = record

    def format(self, record: logging.LogRecord) -> str:
        return escaped(super().format(record))


class PlainLines(logging.Formatter):
    """Time, level, logger, message, and in brackets where it belongs; a traceback stands indented below it."""

    def __init__(self, **_options: Any) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        # another handler may have left its own, unescaped text of the traceback on the record
        record.exc_text = None
        text = super().format(record)
        record.exc_text = None
        return text

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = escaped(_cut(without_secrets(record.message), LONGEST_MESSAGE))
        where = " ".join(f"{name}={value}" for name, value in line_context().items() if value != "public")
        return super().formatMessage(record) + (f" [{where}]" if where else "")

    def formatException(self, ei: Any) -> str:
        trace = without_secrets(super().formatException(ei))[-LONGEST_TRACE:]
        return "\n".join(f"  {escaped(line)}" for line in trace.split("\n"))


def _facts(record: logging.LogRecord) -> dict[str, Any] | None:
    """What the verifier says of an event, which is an object already; None for a sentence."""
    message = record.msg
    if record.args or not record.name.startswith("govplatform.") or not isinstance(message, str):
        return None
    if not message.startswith('{"event": '):
        return None
    try:
        facts = json.loads(message)
    except ValueError:
        return None
    return facts if isinstance(facts, dict) else None


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + _CUT
