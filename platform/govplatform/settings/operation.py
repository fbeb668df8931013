"""Operation: lines of the log, figures, health (docs/features/operation.md)."""

import os

#: Where run_monitor answers. ``serve`` starts it where a port is named. Where METRICS_DIR is set (in the environment
#: alone, for it is read before the settings), processes count together in that folder.
MONITOR_PORT = int(os.environ.get("MONITOR_PORT", "0"))
MONITOR_HOST = os.environ.get("MONITOR_HOST", "127.0.0.1")
#: The web server that /-/ready asks, as http://127.0.0.1:8000; '': it is not asked.
MONITOR_WEB = os.environ.get("MONITOR_WEB", "")
#: plain: for people at a terminal; json: an object a line, with a line for each request (production's choice).
LOG_FORMAT = os.environ.get("LOG_FORMAT", "plain")


def logging_settings(form: str) -> dict[str, object]:
    """``LOGGING`` in that form, plain or json."""
    formatters = {"plain": "govplatform.logs.formatters.PlainLines", "json": "govplatform.logs.formatters.JsonLines"}
    if form not in formatters:
        raise ValueError("LOG_FORMAT must be plain or json")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatters[form]}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            # The client tells of each try at each node, with a traceback; the search says once that nobody answered.
            "elastic_transport": {"level": "ERROR"},
            "govplatform.access": {"level": "INFO" if form == "json" else "WARNING"},
            # It writes down the name that was typed, which may be a password; failures stand in their own table.
            "axes": {"level": "ERROR"},
        },
    }
