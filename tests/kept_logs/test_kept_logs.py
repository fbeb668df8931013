"""Rotated logs are kept in a chain for their term; what is changed, lost or cut off is found."""

import gzip
import json
import logging
import os
import shutil
import tarfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from govplatform.audit.models import Entry
from govplatform.kept_logs.chain import read_chain
from govplatform.kept_logs.checking import check_logs, export_logs
from govplatform.kept_logs.keeping import keep_logs, terms
from govplatform.logs.files import LineFile
from govplatform.refusals import Busy, Refused
from govplatform.tenancy.models import Tenant

pytestmark = pytest.mark.django_db
Rotated = Callable[..., Path]


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.LOGS_DIR, settings.LOGS_KEPT_DIR = tmp_path / "logs", tmp_path / "kept"
    settings.LOG_SOURCES = [tmp_path / "nginx"]
    for name in ("logs", "nginx"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def rotated(folders: Path) -> Rotated:
    """``rotated("nginx/govplatform.log-20261129", "line\\n", days=1)``: a file that was last written to days ago."""

    def write(name: str, content: str, days: float = 1) -> Path:
        path = folders / name
        path.write_text(content)
        at = time.time() - days * 86400
        os.utime(path, (at, at))
        return path

    return write


def test_the_front_servers_and_our_own_files_are_kept_once_and_anchored(rotated: Rotated, folders: Path):
    theirs = rotated("nginx/govplatform.log-20261129", "1.2.3.4 GET /\n" * 3)
    rotated("nginx/govplatform.log-20261128.gz", "packed by somebody else")
    ours = rotated("logs/web.log.20261129T000000", '{"time": "x"}\n')
    done = keep_logs()
    assert (done.files, done.anchored) == (2, True)
    assert theirs.exists() and not ours.exists()
    # logrotate gives the same file another name
    theirs.rename(folders / "nginx/govplatform.log-20261127")
    assert keep_logs().files == 0
    found = check_logs()
    assert (found["ok"], found["files"], found["lines"], found["anchored"]) == (True, 2, 4, 1)
    (line,) = [line for line in read_chain(folders / "kept").lines if line["source"] == "govplatform"]
    assert gzip.decompress((folders / "kept" / line["name"]).read_bytes()) == theirs_content(3)


def theirs_content(lines: int) -> bytes:
    return b"1.2.3.4 GET /\n" * lines


def test_a_file_that_somebody_may_still_write_to_waits(rotated: Rotated, folders: Path):
    rotated("nginx/govplatform.log-20261130", "now\n", days=0)
    rotated("nginx/govplatform.log", "live\n")
    assert keep_logs().files == 0


def test_our_own_log_is_put_aside_and_lines_go_on_in_a_new_one(folders: Path):
    handler = LineFile(str(folders / "logs" / "web.log"))
    handler.setFormatter(logging.Formatter("%(message)s"))
    began = datetime.now(UTC) - timedelta(days=2)
    handler.emit(logging.makeLogRecord({"msg": json.dumps({"time": began.isoformat(timespec="milliseconds")})}))
    keep_logs()
    handler.emit(logging.makeLogRecord({"msg": "new"}))
    handler.close()
    (aside,) = (folders / "logs").glob("web.log.*")
    assert (folders / "logs" / "web.log").read_text() == "new\n"
    at = time.time() - 120
    os.utime(aside, (at, at))
    assert keep_logs().files == 1


def _swap(folder: Path) -> None:
    first, second = sorted(folder.glob("*.gz"))
    content = first.read_bytes()
    for path in (first, second):
        path.chmod(0o640)
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)


def _cut(folder: Path) -> None:
    """Whoever owns the folder makes it as if the last file had never been."""
    lines = (folder / "chain.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "chain.jsonl").write_bytes(b"".join(lines[:-1]))
    sorted(folder.glob("*.gz"))[-1].unlink()


def _say_less(folder: Path) -> None:
    text = (folder / "chain.jsonl").read_text()
    (folder / "chain.jsonl").write_text(text.replace('"lines":1', '"lines":0', 1))


def _flip(folder: Path) -> None:
    """The packing itself no longer holds together: a kind of block that there is not."""
    path = sorted(folder.glob("*.gz"))[0]
    content = bytearray(path.read_bytes())
    content[content.index(b"\0", 10) + 1] = 0x07
    path.chmod(0o640)
    path.write_bytes(bytes(content))


def _say_that_it_was_over(folder: Path, **other: Any) -> None:
    """The keeper's own account lets a file go that is a day old, in a line as the keeper writes them."""
    chain = read_chain(folder)
    past = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    name = chain.lines[0]["name"]
    chain.append(
        **{"act": "removed", "at": datetime.now(UTC).isoformat(), "of": 1, "name": name, "over": past, **other}
    )
    (folder / name).unlink()
    keep_logs()


def _say_that_it_will_be_over(folder: Path) -> None:
    later = (datetime.now(UTC) + timedelta(days=800)).isoformat()
    _say_that_it_was_over(folder, at=later, over=later)


def _say_nothing(folder: Path) -> None:
    with (folder / "chain.jsonl").open("ab") as stream:
        stream.write(b'{"act":"kept"}\n{"act":"removed","of":[],"at":"x","over":1}\n')


@pytest.mark.parametrize(
    ("attack", "says"),
    [
        (_flip, "无法读取"),
        (_say_that_it_was_over, "期限届满前被移除"),
        (_say_that_it_will_be_over, "期限届满前被移除"),
        (_say_nothing, "链的第 3 行无法读取"),
        (lambda folder: sorted(folder.glob("*.gz"))[0].unlink(), "不在了"),
        (_swap, "的内容被改动过"),
        (lambda folder: (folder / "chain.jsonl").unlink(), "链被截短或改写过"),
        (_cut, "链被截短或改写过"),
        (_say_less, "第 1 行被改动过"),
        (lambda folder: (folder / "planted.gz").write_bytes(b"x"), "planted.gz 不在链上"),
    ],
)
def test_an_attack_on_what_is_kept_is_found(rotated: Rotated, folders: Path, attack: Any, says: str):
    for number in (1, 2):
        rotated(f"nginx/govplatform.log-2026112{number}", f"line {number}\n")
    keep_logs()
    assert check_logs()["ok"]
    attack(folders / "kept")
    found = check_logs()
    assert not found["ok"] and any(says in fault for fault in found["faults"])


def test_half_a_line_of_a_killed_keeper_is_no_fault_and_is_written_over(rotated: Rotated, folders: Path):
    rotated("nginx/govplatform.log-20261121", "one\n")
    keep_logs()
    with (folders / "kept" / "chain.jsonl").open("ab") as stream:
        stream.write(b'{"act":"kept","at"')
    rotated("nginx/govplatform.log-20261122", "two\n")
    assert keep_logs().files == 1
    assert check_logs()["ok"] and read_chain(folders / "kept").number == 2


def test_what_comes_after_a_line_that_cannot_be_read_is_not_written_over(rotated: Rotated, folders: Path):
    for number in (1, 2, 3):
        rotated(f"nginx/govplatform.log-{number}", f"{number}\n")
    keep_logs()
    path = folders / "kept" / "chain.jsonl"
    first, second, third = path.read_bytes().splitlines(keepends=True)
    # with the file of which the chain no longer tells
    for spoilt, taken in ((b"x" + second, 2), (b"x" * (1 << 16) + second, 1)):
        path.write_bytes(first + spoilt + third)
        rotated("nginx/govplatform.log-4", f"{len(spoilt)}\n")
        assert keep_logs().files == taken
        assert path.read_bytes().startswith(first + spoilt + third)
        found = check_logs()
        assert any("第 2 行无法读取" in fault for fault in found["faults"]) and not found["ok"]


def test_what_is_older_than_the_longest_term_of_the_packs_goes_and_the_chain_says_so(rotated: Rotated, folders: Path):
    rotated("nginx/a.log-1", "a year and more\n", days=380)
    rotated("nginx/b.log-1", "seven months\n", days=215)
    assert {term.value for term in terms()} >= {12}
    done = keep_logs()
    assert (done.files, done.removed) == (2, 1)
    # what is still to be had where it was rotated is not taken in again
    assert keep_logs().files == 0
    assert check_logs()["ok"] and check_logs()["files"] == 1
    Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).update(rule_pack="jiangsu")
    assert {term.value for term in terms()} == {6}
    assert keep_logs().removed == 1


def test_days_are_exported_with_the_chain_and_the_record_says_so(
    rotated: Rotated, folders: Path, capsys: pytest.CaptureFixture[str]
):
    for days in (30, 20, 10):
        rotated(f"nginx/govplatform.log-{days}", f"{days} days ago\n", days=days)
    keep_logs()
    day = (datetime.now(UTC) - timedelta(days=19)).date().isoformat()
    out = folders / "out.tar"
    asked = ["export", "--from", day, "--until", day, "--out", str(out)]
    call_command("logs", "--json", *asked, "--reason", "核查一次访问")
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == 1
    with tarfile.open(out) as tar:
        names = sorted(tar.getnames())
        tar.extractall(folders / "elsewhere", filter="data")
    assert len(names) == 2 and "chain.jsonl" in names
    assert read_chain(folders / "elsewhere").faults == []
    assert Entry.objects.filter(act="logs.export", detail__reason="核查一次访问").exists()
    with pytest.raises(SystemExit) as refused:
        call_command("logs", "--json", *asked[:-2], "--out", str(folders / "b.tar"), "--reason", " ")
    assert refused.value.code == 3
    with pytest.raises(Refused, match="早于起日"):
        export_logs(out, since=date(2026, 11, 2), until=date(2026, 11, 1), source="", reason="写反了")


def test_two_keepers_do_not_keep_at_once(folders: Path):
    from govplatform.kept_logs.keeping import _alone

    shutil.rmtree(folders / "kept", ignore_errors=True)
    (folders / "kept").mkdir()
    with _alone(folders / "kept"), pytest.raises(Busy):
        keep_logs()
