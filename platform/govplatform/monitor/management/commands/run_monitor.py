"""The verb ``run_monitor``: figures for Prometheus and the addresses of health, on an internal port."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from govplatform.monitor.answering import MonitorServer


class Command(BaseCommand):
    help = "Answer /metrics, /-/live and /-/ready on an internal port until SIGTERM; reach it from inside alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.MONITOR_PORT or 9108, help="TCP port (default: 9108)")
        parser.add_argument(
            "--host",
            default=settings.MONITOR_HOST,
            help="address to listen on (default: 127.0.0.1), never a public one",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # A database that does not even refuse must not keep "which part is missing" from being answered.
        connections["default"].settings_dict["OPTIONS"].setdefault("connect_timeout", 3)
        server = MonitorServer(options["host"], options["port"])
        for number in (signal.SIGTERM, signal.SIGINT):
            # shutdown waits for the loop, which is in this thread
            signal.signal(number, lambda *_arguments: threading.Thread(target=server.shutdown).start())
        server.serve_forever()
        server.server_close()
