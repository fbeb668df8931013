"""The embedded PostgreSQL: used wherever no ``DATABASE_URL`` is given.

Settings call :func:`ensure_running` before Django is up, so nothing here may import Django.
"""

from .address import APPLICATION_ROLE, DATABASE, OWNER_ROLE, SUPERUSER, ServerAddress
from .errors import EmbeddedServerError
from .installation import tools_dir
from .server import ServerStatus, ensure_running, status, stop

__all__ = [
    "APPLICATION_ROLE",
    "DATABASE",
    "OWNER_ROLE",
    "SUPERUSER",
    "EmbeddedServerError",
    "ServerAddress",
    "ServerStatus",
    "ensure_running",
    "status",
    "stop",
    "tools_dir",
]
