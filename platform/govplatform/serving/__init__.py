"""A small process supervisor: one command starts web server, queue worker and the like, and ends them together."""

from .child import Child, Restart
from .run_record import AlreadyRunning
from .supervisor import Supervisor

__all__ = ["AlreadyRunning", "Child", "Restart", "Supervisor"]
