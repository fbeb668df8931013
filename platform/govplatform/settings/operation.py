"""Operation: lines of the log, figures, health (docs/features/operation.md)."""

import os
from pathlib import Path

from .folders import VAR_DIR

#: Where run_monitor answers. ``serve`` starts it where a port is named. Where METRICS_DIR is set (in the environment
#: alone, for it is read before the settings), processes count together in that folder.
MONITOR_PORT = int(os.environ.get("MONITOR_PORT", "0"))
MONITOR_HOST = os.environ.get("MONITOR_HOST", "127.0.0.1")
#: Names with a dot by which the monitor is asked; addresses and names of the own network are always good.
MONITOR_NAMES = os.environ.get("MONITOR_NAMES", "").lower().replace(",", " ").split()
#: The web server that /-/ready asks, as http://127.0.0.1:8000; '': it is not asked.
MONITOR_WEB = os.environ.get("MONITOR_WEB", "")
#: plain: for people at a terminal; json: an object a line, with a line for each request (production's choice).
LOG_FORMAT = os.environ.get("LOG_FORMAT", "plain")


#: With LOG_NAME a process writes its lines to LOGS_DIR/LOG_NAME.log, and to the terminal what is a warning at least.
LOG_NAME = os.environ.get("LOG_NAME", "")
LOGS_DIR = Path(os.environ.get("LOGS_DIR", VAR_DIR / "logs"))
#: Where the verb `logs` keeps what was rotated, there and in further folders, separated by commas (/var/log/nginx).
LOGS_KEPT_DIR = Path(os.environ.get("LOGS_KEPT_DIR", VAR_DIR / "logs_kept"))
LOG_SOURCES = [Path(one) for one in os.environ.get("LOG_SOURCES", "").split(",") if one]


def logging_settings(form: str) -> dict[str, object]:
    """``LOGGING`` in that form, plain or json."""
    formatters = {"plain": "govplatform.logs.formatters.PlainLines", "json": "govplatform.logs.formatters.JsonLines"}
    if form not in formatters:
        raise ValueError("LOG_FORMAT must be plain or json")
    handlers = {"console": {"class": "logging.StreamHandler", "formatter": "line", "level": "NOTSET"}}
    if LOG_NAME:
        handlers["console"]["level"] = "WARNING"
        path = str(LOGS_DIR / f"{LOG_NAME}.log")
        handlers["file"] = {"class": "govplatform.logs.files.LineFile", "formatter": "line", "filename": path}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatters[form]}},
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": "WARNING"},
        "loggers": {
            # The client tells of each try at each node, with a traceback; the search says once that nobody answered.
            "elastic_transport": {"level": "ERROR"},
            "govplatform.access": {"level": "INFO" if form == "json" else "WARNING"},
            # It writes down the name that was typed, which may be a password; failures stand in their own table.
            "axes": {"level": "ERROR"},
        },
    }
