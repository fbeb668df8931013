"""Children that are forked from a prepared process answer and fall like those that are started."""

import psutil
import pytest

from govplatform.guarded import GuardedFailure, run
from govplatform.guarded.prepared import prepared_children

from .test_run_guarded import run as run_target
from .test_run_guarded import tests_may_be_targets

assert tests_may_be_targets
pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("cold_guard")]


def _children() -> set[int]:
    """What this process has started and has not waited for yet, and what that has."""
    return {child.pid for child in psutil.Process().children(recursive=True)}


def test_they_are_forked_in_here_and_started_anew_afterwards() -> None:
    before = _children()
    with prepared_children(["json"]):
        assert run.starter.get() is not None
        first, second = run_target("echo", {"a": "甲"}), run_target("echo", {"a": "甲"})
        assert first["pid"] == first["session"] != second["pid"]
        with pytest.raises(GuardedFailure) as caught:
            run_target("echo", {"a": "甲"}, output_mb=0)
        assert caught.value.kind == "refused"
    assert run.starter.get() is None
    assert _children() == before
    assert run_target("echo", {"a": "甲"})
