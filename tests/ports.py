"""Ports for servers that tests start."""

import os
import socket
from itertools import count

# Below the numbers that the kernel hands out by itself: no outgoing connection takes one between the
# choice and the server's start. Processes begin at different places, so those of one run do not meet.
_FIRST, _LAST = 20_000, 32_000
_turns = count((os.getpid() * 61) % (_LAST - _FIRST))


def free_port() -> int:
    """A port of this machine on which nobody listens, and which no other process of the run is about to take."""
    for turn in _turns:
        port = _FIRST + turn % (_LAST - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("unreachable: the turns do not end")
