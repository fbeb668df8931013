"""Which processes make up a running platform, and with which database login each works.

The web server and the ordinary workers log in as the application, which owns nothing; only the
worker of the queue ``owner`` (new sites, fleet migrations) may provision (decision 004).
"""

import os
import sys
from pathlib import Path

from django.conf import settings

from .child import Child

#: Threads of a web process: so many answers are made at once. Clients that are slow hold none (decision 036).
THREADS = 4
#: Where the key of releases may stand (govplatform.delivery.keys).
_KEYS = frozenset({"DELIVERY_SIGNING_KEY"})
WORKER_CLASS = "govplatform.serving.buffering.worker.BufferingWorker"
GRACEFUL_SECONDS = 8
#: (name, queues, login). Each queue has slots of its own (``settings.JOB_SLOTS``); those that citizens wait for share
#: neither a process nor its memory with files that are read.
WORKERS = (
    ("urgent", ("urgent", "publishing"), "app"),
    ("jobs", ("scans", "deliveries", "bulk", "default"), "app"),
    ("owner", ("owner",), "owner"),
)


def platform_children(port: int, workers: int) -> list[Child]:
    """Web server on ``port`` with ``workers`` processes, the workers (what is urgent in a process of its own), and the
    publisher, who brings the files of the sites up to date; with MONITOR_PORT also the monitor.
    """
    manage = str(Path(settings.BASE_DIR) / "manage.py")
    monitor = [sys.executable, manage, "run_monitor"]
    return [
        Child("web", _gunicorn(port, workers), _environment("app", port)),
        *(Child(name, _workers(manage, *queues), _environment(login, port)) for name, queues, login in WORKERS),
        Child("publisher", [sys.executable, manage, "run_publisher"], _environment("app", port, signs=True)),
        *([Child("monitor", monitor, _environment("app", port))] if settings.MONITOR_PORT else ()),
    ]


def _gunicorn(port: int, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", settings.WSGI_APPLICATION.replace(".application", ":application"),
        "--bind", f"{os.environ.get('HOST', '127.0.0.1')}:{port}",
        "--workers", str(workers), "--worker-class", WORKER_CLASS, "--threads", str(THREADS),
        "--graceful-timeout", str(GRACEFUL_SECONDS), "--timeout", "120",
        # fresh processes now and then: whatever a library leaks stays bounded
        "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip


def _workers(manage: str, *queues: str) -> list[str]:
    return [sys.executable, manage, "run_workers", *queues, "--graceful-seconds", str(GRACEFUL_SECONDS)]


def _environment(login: str, port: int, *, signs: bool = False) -> dict[str, str]:
    """``signs``: whether the process has the key of releases, which no process has that the web reaches."""
    roots = [str(settings.BASE_DIR / "platform"), str(settings.BASE_DIR)]
    path = os.pathsep.join([*roots, *filter(None, [os.environ.get("PYTHONPATH", "")])])
    return {
        **{name: value for name, value in os.environ.items() if signs or name not in _KEYS},
        "GOVPLATFORM_LOGIN": login,
        "PORT": str(port),
        "METRICS_DIR": os.environ.get("METRICS_DIR") or str(settings.VAR_DIR / "run" / "metrics"),
        "MONITOR_WEB": os.environ.get("MONITOR_WEB") or f"http://127.0.0.1:{port}",
        "PYTHONPATH": path,
        "PYTHONUNBUFFERED": "1",
    }
