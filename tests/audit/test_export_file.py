"""A signed export is checked by itself, and tells of every change that was made to it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from govplatform.archive.package.certificate import public_hex
from govplatform.audit.actions import record_act
from govplatform.audit.export_file import check_export, export_lines
from govplatform.audit.models import Entry

CHAIN = "site_alpha"
KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def lines(db: None) -> list[bytes]:
    with transaction.atomic():
        for number in range(6):
            record_act("test.act", acting_user=None, detail={"number": number, "意见": "同意“办理”\u2028"}, chain=CHAIN)
    return _written()


def _written(key: Ed25519PrivateKey = KEY, *, complete: bool = True, **filters: Any) -> list[bytes]:
    entries = Entry.objects.filter(chain=CHAIN, **filters).order_by("number")
    header = {"chains": [CHAIN], "complete": complete}
    return list(export_lines(entries, header, public_key=public_hex(key), sign=key.sign))


@pytest.fixture
def faults(tmp_path: Path) -> Callable[..., list[str]]:
    def of(lines: list[bytes], **named: Any) -> list[str]:
        path = tmp_path / "export.jsonl"
        path.write_bytes(b"".join(lines))
        return check_export(path, **named).faults

    return of


def test_what_was_exported_is_whole(lines, faults, tmp_path):
    assert faults(lines, key=public_hex(KEY)) == []
    found = check_export(tmp_path / "export.jsonl")
    assert (found.ok, found.checked, found.key) == (True, Entry.objects.filter(chain=CHAIN).count(), public_hex(KEY))


def test_an_export_of_nothing_is_whole(db, faults):
    assert faults(_written(act="no.such")) == []


def test_a_changed_entry_is_named(lines, faults):
    place = len(lines) - 3
    lines[place] = lines[place].replace(b"test.act", b"test.lie")
    told = faults(lines)
    assert any(fault.startswith(f"第 {place + 1} 行") and "内容被改动过" in fault for fault in told)
    assert any("摘要与文件内容不符" in fault for fault in told)


def test_an_entry_that_was_hashed_anew_breaks_its_links(lines, faults):
    """Whoever writes entry and hash anew has to write all that follow, and the signature."""
    row = json.loads(lines[3])
    row["actor_name"] = "别人"
    row.pop("hash")
    forged = Entry(**{**row, "at": Entry.objects.get(chain=CHAIN, number=row["number"]).at})
    from govplatform.audit.chain import hash_entry

    row["hash"] = hash_entry(forged)
    lines[3] = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    told = faults(lines)
    assert any(fault.startswith("第 5 行") and "不相连" in fault for fault in told)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda lines: lines[:3] + lines[4:], "缺少记录"),
        (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "次序不对"),
        (lambda lines: [*lines[:4], lines[3], *lines[4:]], "次序不对"),
        (lambda lines: lines[:-1], "末尾可能被截去"),
        (lambda lines: lines[:-2] + lines[-1:], "签名行写明"),
        (lambda lines: [lines[0].replace(b'"complete":true', b'"complete":false'), *lines[1:]], "摘要与文件内容不符"),
        (lambda lines: [*lines[:2], b"{not json\n", *lines[2:]], "不是一条记录"),
        (lambda lines: [*lines[:2], b"[" * 100_000 + b"\n", *lines[2:]], "不是一条记录"),
        (lambda lines: [b'{"format":"something"}\n', *lines[1:]], "不是审计记录导出文件"),
        (lambda _lines: [], "不是审计记录导出文件"),
        (lambda _lines: [b"\xff\xfe\x00"], "不是审计记录导出文件"),
        (lambda lines: [lines[0].replace(b'"version":1', b'"version":2'), *lines[1:]], "格式版本"),
    ],
)
def test_what_was_taken_out_moved_or_cut_is_named(lines, faults, change, word):
    assert any(word in fault for fault in faults(change(lines)))


def test_signed_by_somebody_else(lines, faults):
    theirs = Ed25519PrivateKey.generate()
    assert faults(_written(theirs)) == []
    assert any("不是要求的公钥" in fault for fault in faults(_written(theirs), key=public_hex(KEY)))
    last = json.loads(lines[-1])
    last["signature"]["key"] = public_hex(theirs)
    assert any("签名不成立" in fault for fault in faults([*lines[:-1], json.dumps(last).encode()]))


def test_a_selection_may_leave_out_entries_and_says_so(lines, faults):
    some = _written(complete=False, number__in=[1, 2, 5])
    assert faults(some) == []
    assert any("缺少记录" in fault for fault in faults(_written(complete=True, number__in=[1, 2, 5])))


def test_by_the_verb_without_a_database(verb, tmp_path):
    done = verb(
        "export_audit", "--site", "alpha", "--out", str(tmp_path / "a.jsonl"), "--as", "alpha_auditor", "--json"
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["complete"]
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    checked = verb("verify_audit", "--file", str(tmp_path / "a.jsonl"), "--json", env=nowhere)
    assert checked.returncode == 0, checked.stderr + checked.stdout
    assert json.loads(checked.stdout)["checked"] == told["entries"]
    data = (tmp_path / "a.jsonl").read_bytes()
    (tmp_path / "a.jsonl").write_bytes(data.replace(b'"number":1,', b'"number":7,'))
    broken = verb("verify_audit", "--file", str(tmp_path / "a.jsonl"), "--json", env=nowhere)
    assert broken.returncode == 1
    assert json.loads(broken.stdout)["faults"]
    assert verb("verify_audit", "--file", str(tmp_path / "none"), "--json").returncode == 2
    assert verb("verify_audit", "--key", "00", "--json").returncode == 2


def test_others_may_not_export(verb, tmp_path):
    for who in ("alpha_editor", "beta_auditor", "alpha_admin"):
        done = verb("export_audit", "--site", "alpha", "--out", str(tmp_path / "a.csv"), "--as", who, "--json")
        assert (done.returncode, "审计员" in done.stdout) == (3, True)
    assert not (tmp_path / "a.csv").exists()
