"""Where a server whose data nobody keeps has its files; every case with a stand-in for the file system in memory."""

import os
from pathlib import Path

import pytest

from govplatform.embedded import memory as module
from govplatform.embedded.memory import throwaway_folder


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "_FREE_IN_FOLDER", 1)
    monkeypatch.setattr(module, "_FREE_ON_MACHINE", 1)
    folder = tmp_path / "shm"
    folder.mkdir()
    return folder


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var" / "test"


def test_it_lies_in_memory_and_is_found_again(memory: Path, var: Path):
    folder = throwaway_folder(var, memory=memory)
    assert folder == var / "memory"
    assert folder.resolve().parent == memory
    assert throwaway_folder(var, memory=memory).resolve() == folder.resolve()
    assert throwaway_folder(var.with_name("other"), memory=memory).resolve() != folder.resolve()


def test_where_memory_is_scarce_it_lies_on_the_disk(memory: Path, var: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("_FREE_IN_FOLDER", "_FREE_ON_MACHINE"):
        with monkeypatch.context() as scarce:
            scarce.setattr(module, name, 1 << 60)
            assert throwaway_folder(var, memory=memory) == var
    assert throwaway_folder(var, memory=memory / "missing") == var
    assert list(memory.iterdir()) == []


def test_a_server_that_has_begun_stays_where_it_is(memory: Path, var: Path, monkeypatch: pytest.MonkeyPatch):
    folder = throwaway_folder(var, memory=memory)
    monkeypatch.setattr(module, "_FREE_IN_FOLDER", 1 << 60)
    assert throwaway_folder(var, memory=memory) == folder


def test_after_the_machine_started_anew(memory: Path, var: Path):
    gone = throwaway_folder(var, memory=memory).resolve()
    (gone / "belongs-to").unlink()
    gone.rmdir()
    assert throwaway_folder(var, memory=memory).resolve().is_dir()


def test_what_somebody_else_may_write_is_not_used(memory: Path, var: Path, tmp_path: Path):
    ours = throwaway_folder(var, memory=memory).resolve()
    ours.chmod(0o777)
    assert throwaway_folder(var, memory=memory) == var
    (ours / "belongs-to").unlink()
    ours.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    os.symlink(elsewhere, ours)
    assert throwaway_folder(var, memory=memory) == var
    assert list(elsewhere.iterdir()) == []


def test_memory_of_a_folder_that_is_gone_is_given_back(memory: Path, var: Path, tmp_path: Path):
    orphan = throwaway_folder(tmp_path / "gone", memory=memory).resolve()
    (tmp_path / "gone").rename(tmp_path / "moved")
    kept = throwaway_folder(var, memory=memory).resolve()
    assert not orphan.exists()
    assert kept.exists()
