"""Clean stop, restarts, and the death of the supervisor itself."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import govplatform.serving
from govplatform.serving import proc
from govplatform.serving.run_record import RunRecord, end_orphans
from tests.ports import free_port

SOURCE_ROOT = Path(govplatform.serving.__file__).parents[2]
PRELUDE = "import sys; from pathlib import Path; from govplatform.serving import Child, Restart, Supervisor\n"
FOREVER = 'print("up", flush=True); import time; time.sleep(600)'
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOREVER}"
WITH_GRANDCHILD = f"import subprocess; subprocess.Popen(['sleep', '600']); {FOREVER}"


class Run:
    """A supervisor in a process of its own, with what it printed."""

    def __init__(self, folder: Path) -> None:
        self.var_dir = folder / "var"
        self._output = folder / f"output-{time.monotonic_ns()}.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, body: str, **environment: str) -> "Run":
        code = PRELUDE + textwrap.dedent(body).format(var=repr(str(self.var_dir)))
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code],
                env=dict(os.environ, PYTHONPATH=str(SOURCE_ROOT), **environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Started under nohup, SIGHUP would be ignored down to here, and rightly stay so.
                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509
            )
        return self

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def output(self) -> str:
        return self._output.read_text()

    def children(self) -> dict[str, int]:
        record = json.loads((self.var_dir / "run" / "serve.json").read_text())
        return {name: pid for name, (pid, _) in record["children"].items()}

    def wait(self) -> int:
        assert self.process is not None
        return self.process.wait(timeout=30)

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "the awaited state did not come"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    return proc.start_time(pid) is not None


def group(pid: int) -> list[int]:
    """Living processes of the group that ``pid`` leads."""
    found = []
    for other in proc.all_processes():
        try:
            if is_alive(other) and os.getpgid(other) == pid:
                found.append(other)
        except ProcessLookupError:
            continue
    return found


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    started = Run(tmp_path)
    yield started
    if started.process is not None and started.process.poll() is None:
        started.process.terminate()
        started.process.wait(timeout=30)


def two(code: str, options: str = "") -> str:
    return f"""
    children = [Child(name, [sys.executable, "-c", {code!r}]{options}) for name in ("web", "worker")]
    sys.exit(Supervisor(children, Path({{var}})).run())
    """


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_stop_signal_ends_everything_and_the_status_is_zero(run: Run, number: signal.Signals) -> None:
    run.start(two(WITH_GRANDCHILD))
    wait_for(lambda: run.output.count("| up") == 2)
    pids = list(run.children().values())
    assert [os.getpgid(pid) for pid in pids] == pids
    assert [len(group(pid)) for pid in pids] == [2, 2]
    run.send(number)
    assert run.wait() == 0
    assert [group(pid) for pid in pids] == [[], []]
    assert not (run.var_dir / "run" / "serve.json").exists()


def test_output_carries_the_names(run: Run) -> None:
    code = "import sys; print('第一行'); print('no newline at the end', end='', file=sys.stderr)"
    run.start(two(code, ", restart=Restart.NEVER"))
    assert run.wait() == 0
    for line in ("web    | 第一行", "worker | no newline at the end"):
        assert line in run.output.splitlines()


def test_stubborn_child_is_killed(run: Run) -> None:
    run.start(two(STUBBORN, ", stop_seconds=0.2"))
    wait_for(lambda: run.output.count("| up") == 2)
    pids = list(run.children().values())
    run.send(signal.SIGTERM)
    assert run.wait() == 0
    assert not any(map(is_alive, pids))


def test_second_interrupt_loses_patience(run: Run) -> None:
    run.start(two(STUBBORN, ", stop_seconds=600"))
    wait_for(lambda: run.output.count("| up") == 2)
    run.send(signal.SIGINT)
    time.sleep(0.2)
    run.send(signal.SIGINT)
    assert run.wait() == 0


def test_crashed_child_comes_back_and_the_other_one_stays(run: Run) -> None:
    run.start(two(FOREVER))
    wait_for(lambda: run.output.count("| up") == 2)
    before = run.children()
    os.kill(before["worker"], signal.SIGKILL)
    wait_for(lambda: run.output.count("| up") == 3)
    after = run.children()
    assert after["web"] == before["web"]
    assert after["worker"] != before["worker"]
    assert "worker | 异常结束（状态 -9）" in run.output


def test_child_that_never_works_is_given_up(run: Run) -> None:
    run.start(
        """
        children = [Child("web", ["sleep", "600"]), Child("worker", ["/no/such/program"])]
        sys.exit(Supervisor(children, Path({var}), give_up_after=2).run())
        """
    )
    assert run.wait() == 1
    assert "无法启动" in run.output and "不再重启" in run.output


def test_policies(run: Run) -> None:
    run.start(
        """
        children = [
            Child("done", ["true"], restart=Restart.ON_FAILURE),
            Child("once", ["false"], restart=Restart.NEVER),
        ]
        sys.exit(Supervisor(children, Path({var})).run())
        """
    )
    assert run.wait() == 0
    assert "重启" not in run.output


def test_killed_supervisor_takes_its_children_along(run: Run) -> None:
    run.start(two(FOREVER))
    wait_for(lambda: run.output.count("| up") == 2)
    pids = list(run.children().values())
    run.send(signal.SIGKILL)
    run.wait()
    wait_for(lambda: not any(map(is_alive, pids)))


def test_next_run_ends_what_a_killed_supervisor_left(run: Run) -> None:
    leaves_the_group = f"import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True); {STUBBORN}"
    run.start(two(leaves_the_group))
    wait_for(lambda: run.output.count("| up") == 2)
    record = json.loads((run.var_dir / "run" / "serve.json").read_text())
    mark = f"GOVPLATFORM_RUN={record['run_id']}".encode()
    orphans = [pid for pid in proc.all_processes() if mark in proc.environment(pid)]
    assert len(orphans) == 4
    run.send(signal.SIGKILL)
    run.wait()
    assert all(map(is_alive, orphans))

    run.start(two(FOREVER))
    wait_for(lambda: run.output.count("| up") == 2)
    assert not any(map(is_alive, orphans))


def test_recorded_number_of_a_stranger_is_left_alone() -> None:
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        began = proc.start_time(stranger.pid)
        assert began is not None
        record = RunRecord("run", 1, None, proc.boot_id(), {"web": (stranger.pid, began - 1)})
        assert end_orphans(record) == []
        other_boot = RunRecord("run", 1, None, "another boot", {"web": (stranger.pid, began)})
        assert end_orphans(other_boot) == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_second_start_is_refused_and_says_who_runs(run: Run, tmp_path: Path) -> None:
    body = """
    sys.exit(Supervisor([Child("web", ["sleep", "600"])], Path({var}), port=8123).run())
    """
    free = free_port()
    body = body.replace("8123", str(free))
    run.start(body)
    wait_for(lambda: (run.var_dir / "run" / "serve.json").exists() and run.children())
    second = Run(tmp_path).start(body)
    assert second.wait() == 1
    assert f"进程号 {run.pid}" in second.output and f"端口 {free}" in second.output
    assert is_alive(run.pid) and is_alive(run.children()["web"])


def test_port_of_somebody_else_is_named(run: Run) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        run.start(f'sys.exit(Supervisor([Child("web", ["true"])], Path({{var}}), port={port}).run())')
        assert run.wait() == 1
    assert f"端口 {port} 已被" in run.output and f"进程号 {os.getpid()}" in run.output


def test_damaged_record_does_not_stand_in_the_way(run: Run) -> None:
    (run.var_dir / "run").mkdir(parents=True)
    (run.var_dir / "run" / "serve.json").write_text('{"children": [1')
    run.start(two(FOREVER))
    wait_for(lambda: run.output.count("| up") == 2)


def test_follows_its_parent_when_asked(tmp_path: Path) -> None:
    var_dir = tmp_path / "var"
    supervise = PRELUDE + f'Supervisor([Child("web", ["sleep", "600"])], Path({str(var_dir)!r})).run()'
    parent = subprocess.Popen(
        ["/bin/sh", "-c", '"$@"; true', "sh", sys.executable, "-c", supervise],
        env=dict(os.environ, PYTHONPATH=str(SOURCE_ROOT), GOVPLATFORM_FOLLOW_PARENT="1"),
        stdout=subprocess.DEVNULL,
    )
    record = var_dir / "run" / "serve.json"
    wait_for(lambda: record.exists() and json.loads(record.read_text())["children"])
    found = json.loads(record.read_text())
    parent.kill()
    parent.wait()
    wait_for(lambda: not is_alive(found["pid"]) and not is_alive(found["children"]["web"][0]))
    assert not record.exists()
