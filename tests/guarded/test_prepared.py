"""Children that are forked from a prepared process answer and fall like those that are started."""

import os

import pytest

from govplatform.guarded import GuardedFailure, run
from govplatform.guarded.prepared import prepared_children

from .test_run_guarded import run as run_target
from .test_run_guarded import tests_may_be_targets

assert tests_may_be_targets
pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("cold_guard")]


def test_they_are_forked_in_here_and_started_anew_afterwards() -> None:
    with prepared_children(["json"]):
        assert run.starter.get() is not None
        first, second = run_target("echo", {"a": "甲"}), run_target("echo", {"a": "甲"})
        assert first["pid"] == first["session"] != second["pid"]
        with pytest.raises(GuardedFailure) as caught:
            run_target("echo", {"a": "甲"}, output_mb=0)
        assert caught.value.kind == "refused"
    assert run.starter.get() is None
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert run_target("echo", {"a": "甲"})
