"""A whole cluster goes back to a moment by its write-ahead log, with the settings that deploy/RUNBOOK.md names."""

import os
import shutil
import time

import psycopg

from govplatform import embedded

_ARCHIVING = (
    "ALTER SYSTEM SET archive_mode = on",
    "ALTER SYSTEM SET archive_command ="
    " 'test ! -f {archive}/%f && cp %p {archive}/%f.part && mv {archive}/%f.part {archive}/%f'",
)
_RECOVERY = """
restore_command = 'cp {archive}/%f %p'
recovery_target_time = '{moment}'
recovery_target_action = 'promote'
archive_mode = off
hot_standby = off
"""


def session(address):
    return psycopg.connect(
        host=address.host, port=address.port, user=embedded.SUPERUSER, dbname=embedded.DATABASE, autocommit=True
    )


def until(asked, seconds=60.0):
    end = time.monotonic() + seconds
    while not asked():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_cluster_goes_back_to_a_moment(var_dir, tmp_path):
    address = embedded.ensure_running(var_dir)
    data = var_dir / "pg" / "data"
    archive = var_dir / "pg" / "archive"
    archive.mkdir(mode=0o700)
    os.chown(archive, data.stat().st_uid, data.stat().st_gid)
    with session(address) as server:
        for statement in _ARCHIVING:
            server.execute(statement.format(archive=archive))
    embedded.stop(var_dir)
    address = embedded.ensure_running(var_dir)
    base = tmp_path / "base"
    with session(address) as server:
        server.execute("CREATE TABLE kept (word text)")
        # as pg_basebackup does it, without a sender of the log, which the embedded server has not
        server.execute("SELECT pg_backup_start('base', fast => true)")
        shutil.copytree(data, base, ignore=shutil.ignore_patterns("postmaster.*", "pg_wal"))
        label = server.execute("SELECT labelfile FROM pg_backup_stop()").fetchone()[0]
        server.execute("INSERT INTO kept VALUES ('before')")
        moment = server.execute("SELECT clock_timestamp()").fetchone()[0]
        server.execute("INSERT INTO kept VALUES ('a mistake')")
        segment = server.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()[0]
        until((archive / segment).is_file)
    embedded.stop(var_dir)
    shutil.rmtree(data)
    base.rename(data)
    (data / "pg_wal").mkdir(mode=0o700)
    (data / "backup_label").write_text(label)
    (data / "recovery.signal").touch()
    with (data / "postgresql.auto.conf").open("a") as conf:
        conf.write(_RECOVERY.format(archive=archive, moment=moment.isoformat()))
    for path in (data, *data.rglob("*")):
        os.chown(path, archive.stat().st_uid, archive.stat().st_gid)
    address = embedded.ensure_running(var_dir)
    with session(address) as server:
        until(lambda: not server.execute("SELECT pg_is_in_recovery()").fetchone()[0])
        assert server.execute("SELECT array_agg(word) FROM kept").fetchone()[0] == ["before"]
        server.execute("INSERT INTO kept VALUES ('goes on')")
