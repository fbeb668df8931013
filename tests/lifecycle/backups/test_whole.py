"""The whole platform as a folder, and back into an empty installation, from no folder but a whole one."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from django.db import connection

from govplatform.accounts.models import User
from govplatform.archive.keys import ensure_key
from govplatform.audit.chain import find_chain_faults
from govplatform.audit.models import Entry
from govplatform.cases.contact import Contact, encrypt
from govplatform.lifecycle.backups.folder import open_backup
from govplatform.review.queries import site_path
from govplatform.tenancy.isolation import find_isolation_faults
from tests.lifecycle.ending.ended import digests, kill_verb, left_in, with_files
from tests.verbs import call_verb

from .installations import empty_installation, printed, refused


def taken(verb, out):
    return Path(printed(verb("backup", "--out", str(out), "--json"))["backup"])


def open_jobs():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE args ? 'timestamp'), count(*) FROM procrastinate_jobs WHERE status = 'todo'"
        )
        return cursor.fetchone()


def sign_in_and_queue():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO public.django_session VALUES ('abc', 'x', now() + interval '1 day')")
        cursor.execute("UPDATE public.accounts_user SET link_made_at = now() WHERE username = 'alpha_editor'")
        cursor.execute(
            "INSERT INTO public.procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('default', 'govplatform.send_daily_mails', '{\"timestamp\": 1}'),"
            " ('bulk', 'govplatform.review.tasks.scan_page', '{\"schema\": \"site_alpha\"}')"
        )


def test_everything_comes_back_as_it_was(own_database, verb, live, tmp_path):
    with_files()
    sign_in_and_queue()
    out = tmp_path / "backups"
    path = taken(verb, out)
    made = open_backup(path)
    assert left_in(out) == [path.name] and (path / "manifest.json").stat().st_mode & 0o077 == 0
    # keys are named and not there
    assert not [part for part in made.manifest.parts if "key" in part.name.lower()]
    assert Entry.objects.get(act="platform.backup").detail["sha256"] == made.sha256
    assert printed(verb("backup", "--verify", str(out), "--json"))["ok"] is True
    before = {schema: digests(schema) for schema in ("site_alpha", "site_beta", "govsite_template")}
    page = live("article")
    with empty_installation(tmp_path / "second") as second:
        told = printed(second.verb("restore", str(out), "--as", "operator", "--sha256", made.sha256, "--json"))
        assert told["rows"] == sum(made.manifest.rows.values())
        assert (told["sites"], told["files"]) == (len(made.manifest.sites), len(made.manifest.files))
        with second.entered():
            for schema, wanted in before.items():
                found = digests(schema)
                if schema == "govsite_template":
                    # Built by migrations: PostgreSQL writes the conditions of two indexes another way once they were
                    # read from a dump.
                    found.pop("structure"), wanted.pop("structure")
                assert [name for name in {**wanted, **found} if wanted.get(name) != found.get(name)] == [], schema
            assert find_isolation_faults()[1] == [] and find_chain_faults()[1] == []
            entry = Entry.objects.get(act="platform.restore")
            assert (entry.actor_name, entry.detail["sha256"]) == (entry.actor_name, made.sha256)
            # nobody is signed in, and nothing that comes again by itself is told twice
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM public.django_session")
                assert cursor.fetchone()[0] == 0
            # nor is a one-time link good that may have been used since
            assert not User.objects.exclude(link_made_at=None).exists()
            periodic, all_open = open_jobs()
            assert periodic == 0 and all_open >= 1
            from django.test import Client

            assert Client(HTTP_HOST="alpha.localhost").get(site_path(page)).status_code == 200
        for part in made.manifest.files:
            name = part.name.removeprefix("files/").removeprefix("media/")
            assert hashlib.sha256((second.files / name).read_bytes()).hexdigest() == part.sha256
        for words in (["verify_gate"], ["verify_audit"], ["migrate_fleet", "--check"], ["library", "housekeeping"]):
            assert second.verb(*words, "--json").returncode == 0, words
        # it lives now
        assert "已经有内容" in refused(second.verb("restore", str(out), "--as", "operator", "--json"))


def test_a_second_backup_links_what_did_not_change(own_database, verb, live, tmp_path):
    out = tmp_path / "backups"
    first = open_backup(taken(verb, out))
    with_files()
    told = printed(verb("backup", "--out", str(out), "--json"))
    second = open_backup(Path(told["backup"]))
    assert open_backup(out).name == second.name != first.name
    old = {part.name for part in first.manifest.files}
    new = [part for part in second.manifest.files if part.name not in old]
    assert old and new
    for part in second.manifest.files:
        found = (second.path / part.name).stat()
        assert found.st_nlink == (2 if part.name in old else 1), part.name
    assert told["written"] < told["bytes"]
    # the one before may go
    shutil.rmtree(first.path)
    assert printed(verb("backup", "--verify", str(out), "--json"))["ok"] is True


def test_keys_lie_apart(own_database, verb, tmp_path, settings):
    # The keys of delivery lie beside the other tests' of the process, when one made them before this one.
    settings.DELIVERY_KEY_FILE = tmp_path / "none.pem"
    settings.DELIVERY_PUBLIC_KEY_FILE = tmp_path / "none.pub"
    ensure_key()
    encrypt(Contact(name="来信人"), "1")
    out = tmp_path / "backups"
    for keys in (out, out / "keys", tmp_path):
        assert "密钥" in refused(verb("backup", "--out", str(out), "--keys", str(keys), "--json"))
    assert not out.exists()
    told = printed(verb("backup", "--out", str(out), "--keys", str(tmp_path / "safe"), "--json"))
    folder = tmp_path / "safe" / f"keys-of-{Path(told['backup']).name}"
    assert told["keys"] == ["ARCHIVE_KEY_FILE", "CASES_KEY_FILE"] == left_in(folder)
    assert (folder / "ARCHIVE_KEY_FILE").stat().st_mode & 0o777 == 0o600
    with empty_installation(tmp_path / "second") as second:
        other = tmp_path / "other"
        other.mkdir()
        (other / "ARCHIVE_KEY_FILE").write_text("00" * 32)
        words = ["restore", str(out), "--as", "operator", "--json", "--keys"]
        assert "不是这个备份所用的密钥" in refused(second.verb(*words, str(other)))
        assert printed(second.verb(*words, str(folder)))["missing_keys"] == []
        assert (second.files / "archive_key.pem").read_bytes() == Path(settings.ARCHIVE_KEY_FILE).read_bytes()


def changed(path, name, at=100):
    data = bytearray((path / name).read_bytes())
    data[min(at, len(data) - 1)] ^= 1
    (path / name).write_bytes(bytes(data))


def rewritten(path, **values):
    listed = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**listed, **values}))


def with_part(path, name):
    listed = json.loads((path / "manifest.json").read_text())
    rewritten(path, parts=[*listed["parts"], {**listed["parts"][0], "name": name}])


def as_link(path, name):
    (path / name).rename(path.parent / "moved")
    (path / name).symlink_to(path.parent / "moved")


def as_pipe(path, name):
    (path / name).unlink()
    os.mkfifo(path / name)


def newer(path):
    listed = json.loads((path / "manifest.json").read_text())
    listed["migrations"]["public"].append(["tenancy", "9999_next_year"])
    rewritten(path, migrations=listed["migrations"])


_TOC = "database/toc.dat"
HOSTILE = {
    "a byte": (lambda p: changed(p, _TOC), "校验值不符"),
    "a file gone": (lambda p: (p / _TOC).unlink(), "缺失"),
    "a file more": (lambda p: (p / "database/more.dat.gz").write_bytes(b""), "没有列出"),
    "a link": (lambda p: as_link(p, _TOC), "普通文件"),
    "a folder that is a link": (lambda p: as_link(p, "database"), "缺失"),
    "a pipe": (lambda p: as_pipe(p, _TOC), "普通文件"),
    "a way out": (lambda p: with_part(p, "files/media/../../../etc/cron"), "不该有的路径"),
    "an absolute path": (lambda p: with_part(p, "/etc/passwd"), "不该有的路径"),
    "a part twice": (lambda p: with_part(p, _TOC), "重复"),
    "a schema that is none": (lambda p: rewritten(p, rows={"public; DROP": 1}), "模式不对"),
    "no list": (lambda p: (p / "manifest.json").write_text("[" * 100_000), "清单无法读取"),
    "a newer form": (lambda p: rewritten(p, form=2), "比这个版本的程序新"),
    "a newer version": (newer, "9999_next_year"),
    "another's operators": (lambda p: rewritten(p, keepers=["somebody"]), "不是平台运维人员"),
    "no backup": (shutil.rmtree, "没有完整的备份"),
}


def test_nothing_is_taken_from_a_folder_that_somebody_changed(own_database, verb, tmp_path, subtests):
    out = tmp_path / "backups"
    path = taken(verb, out)
    with empty_installation(tmp_path / "second") as second:
        for name, (harm, words) in HOSTILE.items():
            with subtests.test(name):
                copy = tmp_path / "harmed"
                shutil.copytree(out, copy)
                harm(copy / path.name)
                with second.entered():
                    # its folders are empty, whatever earlier tests left in those of this run
                    done = call_verb("restore", str(copy), "--as", "operator", "--json")
                shutil.rmtree(copy)
                assert words in refused(done)
                assert left_in(second.files) == []
        with second.entered():
            assert "不是给出的那个" in refused(
                call_verb("restore", str(out), "--as", "operator", "--sha256", "0" * 64, "--json")
            )
            assert "不是平台运维人员" in refused(call_verb("restore", str(out), "--as", "alpha_admin", "--json"))


@pytest.mark.parametrize(
    ("at", "after"),
    [
        ("govplatform.lifecycle.backups.taking:count_schema", 1),
        pytest.param("govplatform.lifecycle.backups.taking:_take_file", 3, marks=pytest.mark.soak),
        pytest.param("govplatform.lifecycle.backups.taking:_free_name", 0, marks=pytest.mark.soak),
    ],
)
def test_a_killed_backup_is_never_taken_for_a_whole_one(own_database, verb, live, tmp_path, at, after):
    out = tmp_path / "backups"
    kill_verb(own_database, at, "backup", "--out", str(out), after=after)
    assert "没有完整的备份" in refused(verb("restore", str(out), "--as", "operator", "--json"))
    path = taken(verb, out)
    assert left_in(out) == [path.name]
    assert printed(verb("backup", "--verify", str(out), "--json"))["ok"] is True


@pytest.mark.parametrize(
    ("at", "after"),
    [
        ("govplatform.lifecycle.backups.restoring:write_part", 2),
        pytest.param("govplatform.lifecycle.backups.restoring:mark", 0, marks=pytest.mark.soak),
        pytest.param("govplatform.lifecycle.backups.restoring:clear", 0, marks=pytest.mark.soak),
        pytest.param("govplatform.lifecycle.backups.restoring:count_schema", 1, marks=pytest.mark.soak),
        pytest.param("govplatform.lifecycle.backups.restoring:unmark", 0, marks=pytest.mark.soak),
    ],
)
def test_a_killed_restoring_is_begun_again(own_database, verb, live, tmp_path, at, after, monkeypatch):
    out = tmp_path / "backups"
    taken(verb, out)
    before = digests("site_alpha")
    with empty_installation(tmp_path / "second") as second:
        for name, value in second.environment.items():
            monkeypatch.setenv(name, value)
        words = ["restore", str(out), "--as", "operator"]
        kill_verb(second.url, at, *words, after=after)
        if not at.endswith(":mark"):
            # Before the mark nothing has begun, and nothing is left that would have to be finished.
            assert "没有恢复完" in refused(second.verb("init_platform", "--json"))
        printed(second.verb(*words, "--json"))
        with second.entered():
            assert digests("site_alpha") == before and find_isolation_faults()[1] == []
            assert Entry.objects.filter(act="platform.restore").count() == 1
