"""All connections of a process: who is let in, who has to go."""

import logging
import select
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from waitress import wasyncore
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from . import limits
from .channel import BoundedChannel
from .parsing import BoundedAdjustments
from .watching import Watch

# It tells of each request that waits a moment for a thread.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
#: The base class stops to accept at its own limit, and then everybody waits for the slow: ours never is.
_NEVER = 1_000_000_000


class BoundedServer(TcpWSGIServer):
    """Serves a WSGI application on a listening socket that other processes may share.

    A new connection is always let in. Where that makes too many, one goes of the address that has the most, the one
    that has been silent longest.
    """

    channel_class = BoundedChannel

    def __init__(
        self, application: WSGIApplication, listener: socket.socket, *, threads: int, console_domain: str
    ) -> None:
        self.requests_begun = 0
        self.watch = Watch()
        #: Connections that a thread may be changing: what they want to be told of is asked again in each turn.
        self.busy: set[BoundedChannel] = set()
        self._next_look = 0.0
        self.most_connections = limits.most_connections()
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(threads)
        super().__init__(
            without_bodies_of_heads(application),
            map={},
            _sock=listener,
            dispatcher=dispatcher,
            adj=settings_of_process(console_domain),
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )

        for descriptor in self._map:
            # the listening socket, and the pipe by which threads wake the loop
            self.watch.ask(descriptor, select.EPOLLIN)

    def turn(self, seconds: float) -> None:
        """Do what there is to do; wait for it no longer than ``seconds``."""
        for channel in list(self.busy):
            self._ask_again(channel)
        for descriptor, mask in self.watch.wait(seconds):
            if (dispatcher := self._map.get(descriptor)) is not None:
                wasyncore.readwrite(dispatcher, mask)
            if (channel := self.active_channels.get(descriptor)) is not None:
                self._ask_again(channel)
        if (now := time.monotonic()) >= self._next_look:
            self._next_look = now + limits.LOOK_SECONDS
            self.maintenance(time.time())

    def _ask_again(self, channel: BoundedChannel) -> None:
        # A thread ends its answer under this lock: what is asked here is what stands when it is no longer busy.
        with channel.requests_lock:
            self.watch.ask(channel.socket.fileno(), channel.mask())
            if not (channel.requests or channel.writable()):
                self.busy.discard(channel)

    def add_task(self, task: BoundedChannel) -> None:
        self.requests_begun += 1
        self.busy.add(task)
        super().add_task(task)

    def handle_accept(self) -> None:
        super().handle_accept()
        if len(self.active_channels) > self.most_connections:
            now = time.time()
            # each counts as one, and among those of one address the longest silence decides
            self._let_one_go(lambda channel: 1 + min(now - channel.last_activity, 3600) / 1e9)

    def maintenance(self, now: float) -> None:
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(now):
                channel.handle_close()
        while sum(channel.body_bytes() for channel in self._not_at_work()) > limits.BODIES_BYTES:
            self._let_one_go(BoundedChannel.body_bytes)

    def stop_accepting(self) -> None:
        """Leave new connections to the processes that share the socket."""
        self.accepting = False
        self.watch.forget(self.socket.fileno())
        self.del_channel()

    def close_unanswered(self, *, receiving: bool) -> None:
        """Close the connections that wait for no answer; ``receiving``: also those with half a request."""
        for channel in list(self.active_channels.values()):
            if channel.lingers_until is not None or (
                channel.is_waiting_for_client() and (receiving or channel.request is None)
            ):
                channel.handle_close()

    def _not_at_work(self) -> list[BoundedChannel]:
        """The connections that may be let go: those that wait for their answer may not."""
        return [channel for channel in self.active_channels.values() if not channel.is_at_work()]

    def _let_one_go(self, weight: Callable[[BoundedChannel], float]) -> None:
        """Close, of the address whose connections weigh the most together, the heaviest."""
        channels = self._not_at_work()
        totals: dict[str, float] = defaultdict(float)
        for channel in channels:
            totals[channel.addr[0]] += weight(channel)
        if channels:
            max(channels, key=lambda channel: (totals[channel.addr[0]], weight(channel))).handle_close()


def settings_of_process(console_domain: str) -> BoundedAdjustments:
    """The numbers of ``limits`` in waitress's words."""
    return BoundedAdjustments(
        console_domain=console_domain,
        connection_limit=_NEVER,
        max_request_header_size=limits.HEAD_BYTES,
        inbuf_overflow=limits.BODY_IN_MEMORY,
        outbuf_overflow=limits.ANSWER_IN_MEMORY,
        outbuf_high_watermark=limits.LONGEST_ANSWER,
        # what a front server says of the client is judged by the application (client_address)
        clear_untrusted_proxy_headers=False,
        log_socket_errors=False,
        ident=None,
        recv_bytes=limits.BODY_IN_MEMORY,
        backlog=2048,
    )


def without_bodies_of_heads(application: WSGIApplication) -> WSGIApplication:
    """An answer to HEAD is its headers, whatever the application gives: the next answer would be read behind it."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if (close := getattr(body, "close", None)) is not None:
            close()
        return ()

    return answer
