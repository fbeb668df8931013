"""A guarded process gives its answer or one GuardedFailure, and nothing of it stays behind."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from govplatform.guarded import GuardedFailure, run_guarded
from govplatform.guarded import run as run_module

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("cold_guard")]

PROJECT = Path(__file__).resolve().parents[2]
HERE = "tests.guarded.targets"


@pytest.fixture(autouse=True)
def tests_may_be_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ALLOWED_PREFIXES", (f"{HERE}.",))
    monkeypatch.syspath_prepend(str(PROJECT))


def run(name: str, args: dict[str, Any] | None = None, **limits: Any) -> dict[str, Any]:
    bounds: dict[str, Any] = {"seconds": 20, "memory_mb": 400, "output_mb": 4} | limits
    return run_guarded(f"{HERE}.{name}", args or {}, **bounds)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_until_gone(pid: int) -> bool:
    for _ in range(200):
        if not is_running(pid):
            return True
        time.sleep(0.01)
    return False


def test_answer_survives_noise_on_standard_output() -> None:
    answer = run("echo", {"名称": ["云江省", 1, None]})
    assert answer["args"] == {"名称": ["云江省", 1, None]}
    assert answer["pid"] != os.getpid()
    assert answer["session"] == answer["pid"]
    assert answer["cwd"] == "/"


def test_large_arguments_pass_through_the_pipe() -> None:
    assert len(run("echo", {"text": "云" * 300_000})["args"]["text"]) == 300_000


def test_no_secret_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://owner:secret@db/x")
    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setenv("PYTHONSTARTUP", "/secret")
    environment = run("show_environment")["environment"]
    assert "secret" not in repr(environment)
    assert "DATABASE_URL" not in environment


def test_timeout_ends_the_child_and_its_children(tmp_path: Path) -> None:
    pid_file = tmp_path / "pids"
    with pytest.raises(GuardedFailure) as caught:
        run("sleep", {"pid_file": str(pid_file)}, seconds=1.5)
    assert caught.value.kind == "timeout"
    assert "时间" in caught.value.message
    assert all(wait_until_gone(int(pid)) for pid in pid_file.read_text().split())


def test_children_left_behind_are_ended() -> None:
    assert wait_until_gone(run("leave_a_child_behind")["child"])


def test_busy_loop_is_a_timeout() -> None:
    with pytest.raises(GuardedFailure) as caught:
        run("burn", seconds=1)
    assert caught.value.kind == "timeout"


def test_memory_is_bounded() -> None:
    with pytest.raises(GuardedFailure) as caught:
        run("eat_memory", memory_mb=300)
    assert caught.value.kind == "memory"
    assert "内存" in caught.value.message


def test_files_are_bounded(tmp_path: Path) -> None:
    assert run("write_file", {"path": str(tmp_path / "a"), "mb": 2}) == {"written": 2}
    with pytest.raises(GuardedFailure) as caught:
        run("write_file", {"path": str(tmp_path / "b"), "mb": 9})
    assert caught.value.kind == "crash"
    assert (tmp_path / "b").stat().st_size <= 4 * 1024 * 1024


def test_answer_is_bounded() -> None:
    with pytest.raises(GuardedFailure) as caught:
        run("answer_at_length", {"mb": 6})
    assert caught.value.kind == "refused"


@pytest.mark.parametrize("name", ["fail", "vanish", "answer_nonsense"])
def test_crash_tells_the_person_nothing_internal(name: str) -> None:
    with pytest.raises(GuardedFailure) as caught:
        run(name)
    assert caught.value.kind == "crash"
    assert "内部细节" not in caught.value.message
    if name == "fail":
        assert "内部细节" in caught.value.detail


@pytest.mark.parametrize(
    "target",
    [
        "os.system",
        "subprocess.run",
        f"{HERE}.unmarked",
        f"{HERE}.os.getcwd",
        f"{HERE}.missing",
        f"{HERE}.echo;import os",
        "tests.guarded.targets",
        "",
    ],
)
def test_other_targets_are_refused(target: str) -> None:
    with pytest.raises(GuardedFailure) as caught:
        run_guarded(target, {}, seconds=20, memory_mb=400, output_mb=1)
    assert caught.value.kind == "refused"


def test_arguments_that_are_not_json_are_refused() -> None:
    with pytest.raises(GuardedFailure) as caught:
        run("echo", {"path": Path("/")})
    assert caught.value.kind == "refused"
