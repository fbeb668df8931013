"""One connection, and how long each of its states may last."""

import select
import socket
import time
from contextlib import suppress
from typing import Any

from waitress.channel import HTTPChannel

from . import limits
from .parsing import BoundedParser
from .refusing import RefusalTask


class BoundedChannel(HTTPChannel):
    """Takes a request in, has it answered, sends the answer; says by itself when a client is too slow for any of it.

    All times are seconds of ``time.time()``, which the base class keeps ``last_activity`` in.
    """

    parser_class = BoundedParser
    error_task_class = RefusalTask

    #: When the request that is being received began; when what waits to be sent began to wait, and how much went since.
    request_began = 0.0
    answer_began = 0.0
    answer_sent = 0
    #: After a refusal: until when what still comes is thrown away.
    lingers_until: float | None = None

    def is_at_work(self) -> bool:
        """Whether a thread makes its answer and nothing waits for the client."""
        return bool(self.requests) and not self.total_outbufs_len

    def is_waiting_for_client(self) -> bool:
        """Whether there is neither a request in whole nor anything left of an answer."""
        return not (self.requests or self.total_outbufs_len)

    def body_bytes(self) -> int:
        """How much of a body has come whose rest has not."""
        return int(self.request.body_bytes_received) if self.request is not None else 0

    def is_overdue(self, now: float) -> bool:
        """Whether the client has used up its time."""
        silent = now - self.last_activity
        if self.lingers_until is not None:
            return now > self.lingers_until
        if self.total_outbufs_len:
            paced = self.answer_began + limits.BODY_SECONDS + self.answer_sent / limits.PACE
            return silent > limits.BODY_SECONDS or now > paced
        if self.requests:
            return False
        if self.request is None:
            return silent > limits.IDLE_SECONDS
        if not self.request.headers_finished:
            return now > self.request_began + limits.HEAD_SECONDS
        paced = self.request_began + limits.BODY_SECONDS + self.request.body_bytes_received / limits.PACE
        return silent > limits.BODY_SECONDS or now > paced

    def mask(self) -> int:
        """What it wants to be told of."""
        reads = select.EPOLLIN if self.readable() else 0
        return reads | (select.EPOLLOUT if self.writable() else 0)

    # --- in the loop's thread ---------------------------------------------------------------

    def add_channel(self, map: dict[int, Any] | None = None) -> None:
        super().add_channel(map)
        self.server.watch.ask(self._fileno, select.EPOLLIN)

    def del_channel(self, map: dict[int, Any] | None = None) -> None:
        self.server.busy.discard(self)
        if self._fileno is not None:
            self.server.watch.forget(self._fileno)
        super().del_channel(map)

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.request_began = time.time()
        return bool(super().received(data))

    def readable(self) -> bool:
        return self.lingers_until is not None or super().readable()

    def writable(self) -> bool:
        return self.lingers_until is None and super().writable()

    def handle_read(self) -> None:
        if self.lingers_until is None:
            super().handle_read()
            return
        with suppress(OSError):
            self.recv(limits.BODY_IN_MEMORY)

    def handle_close(self) -> None:
        if self.request is not None:
            self.request.close()
        for request in self.requests:
            # a thread may read the first one; what it reads is closed behind it
            if request is not self.requests[0]:
                request.close()
        super().handle_close()

    def handle_write(self) -> None:
        refused = self.close_when_flushed and self.was_refused and not self.will_close
        if not refused:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.will_close:
            self.handle_close()
        elif self.connected and not self.total_outbufs_len:
            self._linger()

    def _linger(self) -> None:
        # Closed with bytes unread, the kernel would reset the connection, and the refusal would be lost on its way.
        self.lingers_until = time.time() + limits.LINGER_SECONDS
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    # --- in any thread ------------------------------------------------------------------------

    was_refused = False

    def service(self) -> None:
        self.was_refused = bool(self.requests and self.requests[0].error)
        super().service()

    def write_soon(self, data: Any) -> int:
        if not self.total_outbufs_len:
            self.answer_began, self.answer_sent = time.time(), 0
        return int(super().write_soon(data))

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close=do_close)
        self.answer_sent += sent
        return sent
