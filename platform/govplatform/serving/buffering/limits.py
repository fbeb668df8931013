"""How long and how large: the limits of one web process, all of the product's own.

A front server has its own (``deploy/nginx/govplatform/limits.conf``), which are reached first; a test holds the two
sizes of bodies together.
"""

import resource

#: Bytes of a request's first line and headers.
HEAD_BYTES = 32 * 1024
#: Bytes of a body: what citizens send, and what a console takes (several files in one form).
PUBLIC_BODY_BYTES = 1024 * 1024
#: What citizens send with files, at these addresses alone; the forms have limits of their own, which are reached first.
FILES_BODY_BYTES = 21 * 1024 * 1024
FILES_PATHS = tuple(f"{form}/interaction/{name}/" for form in ("", "/zh-hant") for name in ("write", "disclosure"))
CONSOLE_BODY_BYTES = 256 * 1024 * 1024
#: Of a chunked body: bytes of a line that only says how long the next piece is, and of what follows the last one.
CHUNK_LINE_BYTES = 4096
#: More than that of a body, or of an answer, waits in a file without a name, not in memory.
BODY_IN_MEMORY = 64 * 1024
ANSWER_IN_MEMORY = 1024 * 1024
#: Bytes of all bodies together that are coming in: beyond, the largest of the address with the most is let go.
BODIES_BYTES = 2 * 1024 * 1024 * 1024
#: A thread that makes an answer waits for its reader beyond so many bytes: no answer is as long.
LONGEST_ANSWER = 1024 * 1024 * 1024

#: Seconds that a connection may be open and silent, before the first request and between two.
IDLE_SECONDS = 20
#: Seconds from the first byte of a request to the end of its headers.
HEAD_SECONDS = 20
#: Seconds in which a body, or the reading of an answer, has to go on at all, and to arrive at the pace.
BODY_SECONDS = 60
#: Bytes a second that a body and the reading of an answer keep on the average (32 kbit/s).
PACE = 4096
#: Seconds that what a refused client still sends is thrown away, so that it reads the refusal first.
LINGER_SECONDS = 10
#: Seconds that a stopping process waits for what has not arrived in whole; answers that are made have longer.
STOP_SECONDS = 3
#: Seconds between two looks at all connections.
LOOK_SECONDS = 1

_MOST_CONNECTIONS = 1000
#: A connection has a socket and up to two files; the rest is for the database, logs and files that are read.
_FILES_EACH, _FILES_KEPT = 3, 64


def most_connections() -> int:
    """How many connections a process keeps open: fewer where it may open fewer files."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _MOST_CONNECTIONS
    return max(16, min(_MOST_CONNECTIONS, (soft - _FILES_KEPT) // _FILES_EACH))
