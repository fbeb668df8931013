"""What a verb prints for a person at a terminal, and what it does not pass over in silence."""

import io

import pytest
from django.core.management import CommandError, call_command

from govplatform.verbs import VerbCommand


def test_a_list_is_told_line_by_line() -> None:
    told = VerbCommand().describe(
        {"ok": False, "faults": ["缺一个文件。", "多一个文件。"], "keys": [], "of": [{"n": 1, "of": []}]}
    )
    assert told == "ok: False\nfaults:\n  缺一个文件。\n  多一个文件。\nkeys: 无\nof:\n  n: 1, of: "


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    VerbCommand(stderr=terminal, force_color=True).progress(1, 2, "files")
    assert terminal.getvalue() == "\r1/2 files\x1b[K"


@pytest.mark.parametrize(
    "unused", [["--out", "x", "--site", "alpha", "--keys", "k"], ["--verify", "x", "--site", "alpha"]]
)
def test_a_backup_passes_over_nothing_that_was_asked_for(unused: list[str]) -> None:
    with pytest.raises(CommandError, match="不能与 --"):
        call_command("backup", *unused)
