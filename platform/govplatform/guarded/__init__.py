"""Runs untrusted work in a process of its own: bounded in memory, time and output, and without our secrets.

``run_guarded`` runs a function that is marked with ``guarded_target``; what goes wrong is a ``GuardedFailure``.
"""

from govplatform.guarded.failure import GuardedFailure
from govplatform.guarded.run import run_guarded
from govplatform.guarded.targets import guarded_target

__all__ = ["GuardedFailure", "guarded_target", "run_guarded"]
