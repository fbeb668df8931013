"""Where the embedded server listens, and the names every start guarantees in it."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

SUPERUSER = "postgres"
OWNER_ROLE = "govplatform_owner"
APPLICATION_ROLE = "govplatform_app"
DATABASE = "govplatform"

# The server has no TCP listener: the number only names the socket file.
PORT = 5432
# sizeof(sun_path) is 108 on Linux, the last byte is the terminator.
SOCKET_PATH_LIMIT = 107


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A running server: ``host`` is the absolute folder of its unix socket, ``port`` the number in its name."""

    host: str
    port: int

    @property
    def socket_path(self) -> Path:
        """The socket itself, named as libpq names it."""
        return Path(self.host) / f".s.PGSQL.{self.port}"

    def url(self, user: str, dbname: str) -> str:
        """Return a ``DATABASE_URL`` that libpq reads too; it has no password, the socket folder is private."""
        name, database, folder = (quote(part, safe="") for part in (user, dbname, self.host))
        return f"postgresql://{name}@/{database}?host={folder}&port={self.port}"


def socket_fits(folder: Path) -> bool:
    """Say whether a socket in ``folder`` can be bound and be named in a connection string.

    libpq reads a comma in ``host`` as a list of hosts, so such a folder is out as well.
    """
    path = ServerAddress(str(folder), PORT).socket_path
    return len(str(path).encode()) <= SOCKET_PATH_LIMIT and "," not in str(path)
