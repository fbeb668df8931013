"""Run untrusted work in a process that can neither outgrow, outlive nor rob this one."""

from govplatform.guarded.failure import GuardedFailure
from govplatform.guarded.run import run_guarded
from govplatform.guarded.targets import guarded_target

__all__ = ["GuardedFailure", "guarded_target", "run_guarded"]
