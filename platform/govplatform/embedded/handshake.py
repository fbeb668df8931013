"""Ask a PostgreSQL socket whether it answers, without a driver (importing one costs more than the whole check)."""

import socket
import struct
from dataclasses import dataclass

from .address import ServerAddress

_PROTOCOL_3 = 196608
_LARGEST_MESSAGE = 65536


@dataclass(frozen=True, slots=True)
class Answer:
    """Outcome of one attempt to sign in.

    ``ready``: the sign-in went through. Otherwise ``sqlstate`` is the five-character code of the refusal,
    or None when nobody answered at all.
    """

    ready: bool
    sqlstate: str | None = None

    @property
    def is_up(self) -> bool:
        """The server works, with or without a free connection (53300: too many connections)."""
        return self.ready or self.sqlstate == "53300"

    @property
    def lacks_role_or_database(self) -> bool:
        """The server works but its roles or database were never created (the starter was killed in between)."""
        return self.sqlstate in {"28000", "3D000"}


def sign_in(address: ServerAddress, user: str, dbname: str, timeout: float = 5.0) -> Answer:
    """Sign in as ``user`` to ``dbname`` and leave again; ``timeout`` in seconds. Never raises for a dead socket."""
    parameters = b"".join(part.encode() + b"\0" for part in ("user", user, "database", dbname)) + b"\0"
    startup = struct.pack("!II", 8 + len(parameters), _PROTOCOL_3) + parameters
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout)
            connection.connect(str(address.socket_path))
            connection.sendall(startup)
            answer = _read_answer(connection)
            if answer.ready:
                connection.sendall(b"X\0\0\0\4")
            return answer
    except OSError:
        return Answer(ready=False)


def _read_answer(connection: socket.socket) -> Answer:
    # "Authentication OK" comes before role and database are looked up: only "ready for query" counts.
    with connection.makefile("rb") as stream:
        while len(head := stream.read(5)) == 5:
            length = struct.unpack("!I", head[1:])[0] - 4
            if not 0 <= length <= _LARGEST_MESSAGE:
                break
            body = stream.read(length)
            if head[:1] == b"Z":
                return Answer(ready=True)
            if head[:1] == b"E":
                fields = {part[:1]: part[1:] for part in body.split(b"\0") if part}
                return Answer(ready=False, sqlstate=fields.get(b"C", b"").decode("ascii", "replace"))
    return Answer(ready=False)
