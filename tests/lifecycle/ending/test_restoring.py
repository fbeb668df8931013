"""A site comes back from its dump: as it was, or beside itself under another code; never from a dump not whole."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django_tenants.utils import tenant_context
from wagtail.models import Page, Site

from content_library.models import Resource
from govplatform.accounts.models import User
from govplatform.addresses.models import Address
from govplatform.audit.chain import find_chain_faults
from govplatform.audit.models import Entry
from govplatform.lifecycle.dumping.faults import DumpBroken
from govplatform.lifecycle.dumping.opening import verify_dump
from govplatform.lifecycle.ending.actions import drop_site, dump_site
from govplatform.lifecycle.ending.restoring import Wish, restore_site
from govplatform.lifecycle.models import SiteDump
from govplatform.refusals import Refused
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.fleet import check_fleet
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.provisioning import schema_for
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.database import ROOT
from tests.tenancy.conftest import new_app, site_words, values

from .ended import digests, ended, files_of, left_in, scratch_schemas, with_files

__all__ = ["new_app"]
OPERATOR = "operator"


def dumped(folder, code="beta"):
    """The dump of a site that lives on."""
    return Path(dump_site(get_tenant(code), folder / "dumps", acting_user=None).path)


def restore(path, code="", who=OPERATOR, **more):
    return restore_site(path, Wish(code, **more), acting_user=factories.user(who), verb="restore_site")[0]


def owner(statement):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)


def grants(schema):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, array_agg(has_table_privilege('govplatform_app', oid, wanted) ORDER BY wanted)"
            " FROM pg_class"
            " CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS wanted"
            " WHERE relkind = 'r' AND relnamespace = %s::regnamespace GROUP BY 1 ORDER BY 1",
            [schema],
        )
        return cursor.fetchall()


def structure_of(schema):
    return digests(schema)["structure"]


def test_a_dropped_site_comes_back_as_it_was(own_database, verb, live, citizen, tmp_path):
    with_files()
    tenant = ended(tmp_path / "archive")
    before, files, rights = digests("site_beta"), files_of("beta"), grants("site_beta")
    path = Path(drop_site(tenant, acting_user=factories.user(OPERATOR)).path)
    done = verb("restore_site", str(path), "--as", OPERATOR, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    manifest = verify_dump(path)[0]
    assert result == {"code": "beta", "schema": "site_beta", "tables": len(manifest.tables), "rows": manifest.rows}
    assert digests("site_beta") == before
    assert files_of("beta") == files
    assert grants("site_beta") == rights
    back = get_tenant("beta")
    assert (back.pk, back.status, back.dropped_at) == (tenant.pk, "retired", None)
    assert scratch_schemas() == [] and not [n for n in left_in(Path(settings.MEDIA_ROOT)) if n.startswith(".")]
    # it takes part again, and is as public as before: not at all, its addresses lead into the archive
    assert find_isolation_faults() == (3, [])
    assert (check_fleet().current, check_fleet().failed) == (3, [])
    assert "archive.localhost" in citizen("beta").get("/").headers["Location"]
    assert Client(HTTP_HOST="beta.console.localhost").get("/admin/login/").status_code == 200
    for words in (["verify_gate"], ["verify_audit"], ["migrate_fleet", "--check"], ["library", "housekeeping"]):
        done = verb(*words, "--json")
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    assert Entry.objects.get(act="site.restore").detail["sha256"] == SiteDump.objects.get(kind="drop").sha256
    assert find_chain_faults()[1] == []
    # and its triggers work: nothing goes live past the gate
    with tenant_context(back):
        draft = factories.draft_article("beta_editor")
        with pytest.raises(Exception, match=r"clear|审查"):
            Page.objects.filter(pk=draft.pk).update(live=True)


def test_it_can_be_dropped_and_brought_back_again(own_database, tmp_path):
    tenant = ended(tmp_path / "archive")
    before = digests("site_beta")
    for _time in range(2):
        path = Path(drop_site(tenant, acting_user=factories.user(OPERATOR)).path)
        tenant = restore(path)
        assert digests("site_beta") == before
    assert SiteDump.objects.filter(kind="restore", state="done").count() == 2


def test_under_another_code_next_to_the_living_original(own_database, verb, live, citizen, tmp_path):
    with_files()
    before, files = digests("site_beta"), files_of("beta")
    addresses, resources = Address.objects.count(), Resource.objects.count()
    path = dumped(tmp_path)
    done = verb("restore_site", str(path), "--code", "gamma-two", "--as", OPERATOR, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["schema"] == "site_gamma_two"
    gamma, beta = get_tenant("gamma-two"), get_tenant("beta")
    assert digests("site_beta") == before and files_of("beta") == files
    # equal but for the host in Wagtail's own registry
    found = digests("site_gamma_two")
    assert [name for name in before if before[name] != found[name]] == ["wagtailcore_site"]
    assert files_of("gamma_two") == files
    assert (gamma.status, gamma.by_application, gamma.identity_code) == ("preparing", True, None)
    assert (gamma.full_name, gamma.parent_id, gamma.rule_pack) == (beta.full_name, beta.parent_id, beta.rule_pack)
    assert (gamma.public_host, gamma.console_host) == ("gamma-two.localhost", "gamma-two.console.localhost")
    with tenant_context(gamma):
        assert [site.hostname for site in Site.objects.all()] == ["gamma-two.localhost"]
    # nobody's, and not public
    assert not gamma.memberships.exists() if hasattr(gamma, "memberships") else True
    assert citizen("gamma-two").get("/").status_code == 503
    assert citizen("gamma-two").get("/news/").status_code == 503
    assert citizen("beta").get("/").status_code == 200
    assert (Address.objects.count(), Resource.objects.count()) == (addresses, resources)
    assert find_isolation_faults() == (4, [])
    assert (check_fleet().current, check_fleet().failed) == (4, [])
    for words in (["verify_gate"], ["verify_gate", "--site", "gamma-two"], ["verify_audit"], ["check_isolation"]):
        done = verb(*words, "--json")
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    assert json.loads(verb("verify_gate", "--site", "gamma-two", "--json").stdout)["checked"] > 3
    # nothing in it names the schema or the host that it came from, except what editors wrote
    assert rows_that_name("site_gamma_two", "site_beta") == []
    assert rows_that_name("site_gamma_two", "beta.localhost") == []


def rows_that_name(schema, word):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace ORDER BY 1", [schema]
        )
        found = []
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{schema}"."{name}" AS t WHERE strpos(t::text, %s) > 0', [word])
            if cursor.fetchone()[0]:
                found.append(name)
    return found


def test_a_restored_schema_is_built_like_a_fresh_site(own_database, verb, live, tmp_path):
    restore(dumped(tmp_path), "gamma")
    assert verb(*site_words("delta")).returncode == 0
    assert structure_of("site_gamma") == structure_of("site_delta")
    assert grants("site_gamma") == grants("site_delta")
    # sequences go on after the rows
    with tenant_context(get_tenant("gamma")):
        last = Page.objects.order_by("-pk").first().pk
        assert factories.draft_article("beta_editor").pk > last


def test_what_is_taken_is_refused(own_database, tmp_path):
    path = dumped(tmp_path)
    for code, word in (("", "正由"), ("alpha", "正由"), ("console", "正由"), ("Beta!", "不合规则")):
        with pytest.raises(Refused, match=word):
            restore(path, code)
    with pytest.raises(Refused, match="只有平台运维人员和监管员"):
        restore(path, "gamma", "beta_admin")
    with pytest.raises(Refused, match=r"alpha\.localhost"):
        restore(path, "gamma", host="alpha.localhost")
    assert SiteDump.objects.filter(kind="restore").exclude(state="refused").count() == 0
    assert Tenant.objects.count() == 3 and scratch_schemas() == []


def test_the_code_of_a_dropped_site_takes_its_own_dump_alone(own_database, tmp_path):
    other = dumped(tmp_path, "alpha")
    drop_site(ended(tmp_path / "archive"), acting_user=factories.user(OPERATOR))
    with pytest.raises(Refused, match="属于已关停的"):
        restore(other, "beta")


def test_a_dump_that_the_platform_did_not_write_is_not_taken(own_database, tmp_path):
    path = dumped(tmp_path)
    SiteDump.objects.update(sha256="0" * 64)
    with pytest.raises(Refused, match="没有记录过"):
        restore(path, "gamma")


def test_accounts_of_other_people_are_refused(own_database, live, tmp_path):
    path = dumped(tmp_path)
    User.objects.filter(username="beta_editor").update(username="somebody_else")
    with pytest.raises(Refused, match=r"不是同一个人.*beta_editor"):
        restore(path, "gamma")


def test_a_flipped_byte_anywhere_is_found_with_its_place(own_database, live, tmp_path):
    path = dumped(tmp_path)
    whole = path.read_bytes()
    draw = random.Random(12)
    places = [0, 7, 9, 20, 40, len(whole) - 1, *(draw.randrange(len(whole)) for _n in range(40))]
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 << draw.randrange(8)
        path.write_bytes(changed)
        with pytest.raises(DumpBroken) as broken:
            verify_dump(path)
        assert broken.value.place, place
    for cut in (whole[:-1], whole[:-5000], whole[:100], whole + b"x", whole + whole, b""):
        path.write_bytes(cut)
        with pytest.raises(DumpBroken):
            verify_dump(path)
    path.write_bytes(whole[:-1])
    with pytest.raises(DumpBroken, match="字节"):
        restore(path, "gamma")
    assert not Tenant.objects.filter(code="gamma").exists() and scratch_schemas() == []
    path.write_bytes(whole)
    restore(path, "gamma")


@pytest.fixture
def key_file(tmp_path, settings):
    path = tmp_path / "key"
    path.write_text(os.urandom(32).hex())
    settings.SITE_DUMP_KEY_FILE = str(path)
    return path


def test_with_a_key_nothing_of_it_can_be_read(own_database, live, tmp_path, key_file):
    with_files()
    path = dumped(tmp_path)
    before = digests("site_beta")
    raw = path.read_bytes()
    for word in ("wagtailcore_page", "beta.localhost", "manifest.json", "test attachment"):
        assert word.encode() not in raw
    assert path.stat().st_mode & 0o077 == 0
    changed = bytearray(raw)
    changed[len(raw) // 2] ^= 1
    path.write_bytes(changed)
    with pytest.raises(DumpBroken, match="字节"):
        restore(path, "gamma")
    path.write_bytes(raw)
    kept = key_file.read_text()
    key_file.write_text(os.urandom(32).hex())
    with pytest.raises(Refused, match="另一把密钥"):
        restore(path, "gamma")
    key_file.write_text("none")
    with pytest.raises(Refused, match="没有密钥"):
        restore(path, "gamma")
    key_file.write_text(kept)
    restore(path, "gamma")
    found = digests("site_gamma")
    assert [name for name in before if before[name] != found[name]] == ["wagtailcore_site"]


def test_without_the_key_it_is_named(own_database, tmp_path, key_file, settings):
    path = dumped(tmp_path)
    settings.SITE_DUMP_KEY_FILE = ""
    with pytest.raises(Refused, match="没有配置密钥"):
        restore(path, "gamma")


def test_a_dump_of_a_newer_version_is_refused(own_database, tmp_path):
    owner("INSERT INTO site_beta.django_migrations (app, name, applied) VALUES ('sites', '9999_later', now())")
    path = dumped(tmp_path)
    with pytest.raises(Refused, match=r"9999_later.*先升级"):
        restore(path, "gamma")


def test_an_older_dump_is_migrated(own_database, verb, new_app, tmp_path):
    """Dumped before two migrations of the next version, one of which runs Python in each site; restored after them."""
    assert verb("migrate_fleet", "--json", env=new_app.env).returncode == 0
    owner("INSERT INTO site_beta.nextversion_note (text) VALUES ('一'), ('二')")
    done = verb("dump_site", "beta", "--out", str(tmp_path / "dumps"), "--as", OPERATOR, "--json", env=new_app.env)
    assert done.returncode == 0, done.stdout + done.stderr
    path = json.loads(done.stdout)["dump"]
    new_app.add("migrations.AddField('note', 'kind', models.CharField(max_length=9, default='a', db_default='a'))")
    new_app.add(
        "migrations.RunPython(write, migrations.RunPython.noop)",
        before="def write(apps, schema_editor):\n"
        "    for note in apps.get_model('nextversion', 'Note').objects.all():\n"
        "        note.text += '。'\n"
        "        note.save()\n",
    )
    new_app.add("migrations.CreateModel('Word', [('id', models.BigAutoField(primary_key=True))])")
    done = verb("restore_site", path, "--code", "gamma", "--as", OPERATOR, "--json", env=new_app.env)
    assert done.returncode == 3 and "migrate_fleet" in done.stdout
    assert verb("migrate_fleet", "--json", env=new_app.env).returncode == 0
    done = verb("restore_site", path, "--code", "gamma", "--as", OPERATOR, "--json", env=new_app.env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert values(own_database, "SELECT text || kind FROM site_gamma.nextversion_note ORDER BY id") == [
        "一。a",
        "二。a",
    ]
    done = verb("migrate_fleet", "--check", "--json", env=new_app.env)
    assert (done.returncode, json.loads(done.stdout)["current"]) == (0, 4)
    assert structure_of("site_gamma") == structure_of("site_beta")
    assert grants("site_gamma") == grants("site_beta")
    names = "SELECT codename FROM {}.auth_permission JOIN {}.django_content_type c ON c.id = content_type_id ORDER BY 1"
    assert values(own_database, names.format("site_gamma", "site_gamma")) == values(
        own_database, names.format("site_beta", "site_beta")
    )
    assert find_isolation_faults()[1] == []


def full_disk(database_url, most, *words):
    """A verb in a process in which no file may grow beyond ``most`` bytes, as on a disk that is full."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
        # Half a file of bytecode would be taken for a whole one by whoever comes after.
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = ["prlimit", f"--fsize={most}", sys.executable, str(ROOT / "manage.py"), *words, "--json"]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_a_disk_that_is_full_leaves_nothing(own_database, live, tmp_path):
    with_files()
    folder = tmp_path / "dumps"
    before = digests("site_beta")
    for most in (4_000, 40_000, 300_000):
        done = full_disk(own_database, most, "dump_site", "beta", "--out", str(folder), "--as", OPERATOR)
        assert done.returncode == 3, (most, done.stdout, done.stderr)
        assert left_in(folder) == [] and scratch_schemas() == []
    assert digests("site_beta") == before


def test_too_little_room_is_said_before(own_database, tmp_path, monkeypatch):
    path = dumped(tmp_path)
    usage = shutil.disk_usage(tmp_path)
    # The disk's, not ours.
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=0))
    with pytest.raises(Refused, match="空间不足"):
        restore(path, "gamma")
    with pytest.raises(Refused, match="空间不足"):
        dumped(tmp_path / "more")


def test_files_of_somebody_else_are_not_replaced(own_database, tmp_path):
    path = dumped(tmp_path)
    folder = Path(settings.MEDIA_ROOT) / schema_for("gamma")
    folder.mkdir()
    (folder / "foreign.txt").write_text("of nobody")
    with pytest.raises(Refused, match="已经存在"):
        restore(path, "gamma")
    assert (folder / "foreign.txt").read_text() == "of nobody"
    assert not Tenant.objects.filter(code="gamma").exists()
    assert scratch_schemas() == [] and digests("site_gamma") == {}


def test_a_site_that_was_closed_for_writing_stays_closed(own_database, tmp_path):
    tenant = ended(tmp_path / "archive")
    Tenant.objects.filter(pk=tenant.pk).update(frozen=True, moved_into=get_tenant("alpha"))
    restore(Path(drop_site(get_tenant("beta"), acting_user=factories.user(OPERATOR)).path))
    # deleting, inserting, reading, changing
    assert {tuple(held) for _table, held in grants("site_beta")} == {(False, False, True, False)}
    back = get_tenant("beta")
    assert back.frozen and back.moved_into_id == get_tenant("alpha").pk
