"""A web process: gunicorn starts it, watches it and shares the listening socket; waitress has the connections."""

import os
import time
from types import FrameType

from django.conf import settings
from gunicorn.workers.base import Worker

from . import limits
from .listening import BoundedServer

#: Of the time that gunicorn gives a stopping process, in seconds: what is left to end threads and leave by itself.
_LEFT = 1.5


class BufferingWorker(Worker):
    """``--worker-class govplatform.serving.buffering.worker.BufferingWorker`` with ``--threads``."""

    server: BoundedServer | None = None

    def run(self) -> None:
        (listener,) = self.sockets
        self.server = server = BoundedServer(
            self.wsgi, listener.sock, threads=self.cfg.threads, console_domain=settings.CONSOLE_PARENT_DOMAIN
        )
        while self.alive and os.getppid() == self.ppid and server.requests_begun < self.max_requests:
            self._turn(server)
        server.stop_accepting()
        began = time.monotonic()
        while (passed := time.monotonic() - began) < self.cfg.graceful_timeout - _LEFT:
            server.close_unanswered(receiving=passed > limits.STOP_SECONDS)
            if not server.active_channels:
                break
            server.maintenance(time.time())
            self._turn(server)
        server.task_dispatcher.shutdown(timeout=_LEFT / 2)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self.server is not None:
            self.server.pull_trigger()

    def _turn(self, server: BoundedServer) -> None:
        self.notify()
        server.turn(limits.LOOK_SECONDS)
