"""An archive of a site: everything that is public on it, the same bytes for the same state, or nothing."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django_tenants.utils import tenant_context

from govplatform.addresses.canonical import location_of
from govplatform.addresses.queries import known_addresses
from govplatform.archive.actions import export_archive, request_archive
from govplatform.archive.models import Archive
from govplatform.archive.package.index import coarse_key, index_key
from govplatform.archive.package.layout import ADDRESSES, METADATA_CSV, METADATA_JSON, METADATA_XML
from govplatform.archive.package.opening import json_lines, opened
from govplatform.archive.package.reading_descriptions import columns, items_in
from govplatform.archive.verification.checking import verify_archive
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.database import ROOT
from tests.lifecycle.merge.frozen import freeze


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_state_gives_the_same_bytes(live: Any, export: Callable[..., Any]):
    first, second = export(folder="first"), export(folder="second")
    assert first.addresses == first.captured > 30
    assert files(first.folder) == files(second.folder)


def test_public_captured_and_replayed_are_the_same(live: Any, export: Callable[..., Any]):
    tenant, whole = get_tenant("alpha"), export().folder
    public = [f"http://alpha.localhost:8000{location_of(known.path)}" for known in known_addresses(tenant)]
    lines = list(json_lines(whole / ADDRESSES))
    assert [line["address"] for line in lines if line["role"] == "public"] == public
    certificate = json.loads((whole / "data/certificate.json").read_bytes())
    assert certificate["public"]["count"] == certificate["captured"]["count"] == len(public)
    assert certificate["captured"] == certificate["replayed"]
    assert certificate["answers"] == {"200": len(public)}


def test_records_hold_what_citizens_get(live: Any, export: Callable[..., Any]):
    whole = export().folder
    with opened(whole, json.loads((whole / "data/certificate.json").read_bytes())["archive"]) as archive:
        for line in json_lines(whole / ADDRESSES):
            path = line["address"].removeprefix("http://alpha.localhost:8000")
            answer = Client(HTTP_HOST="alpha.localhost:8000", raise_request_exception=False).get(path)
            found = archive.find(line["address"])
            assert found is not None and found.status == answer.status_code
            assert b"".join(found.holder.chunks()) == b"".join(answer)
            assert dict(found.headers) == dict(answer.items())


def test_what_pages_show_comes_along(whole: Path):
    shown = {line["address"] for line in json_lines(whole / ADDRESSES)}
    for line in json_lines(whole / ADDRESSES):
        assert line["status"] == 200
    assert any("/static/" in address for address in shown) and any("/media/" in address for address in shown)
    assert any(address.endswith(".mp4") for address in shown)


def test_descriptions_say_the_same_in_every_form(whole: Path):
    written = json.loads((whole / METADATA_JSON).read_bytes())
    with (whole / METADATA_CSV).open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    tree = ElementTree.parse(whole / METADATA_XML).getroot()
    assert len(table) == len(tree) == len(written["entries"]) + 1
    policy = next(one for one in written["entries"] if one["address"].endswith("/policies/business-environment/"))
    assert policy["level"] == "item" and policy["within"] == "/policies/"
    assert {"title", "index_number", "document_number", "issued_by", "issued_on", "published_at", "disclosure"} <= set(
        policy
    )
    row = next(row for row in table if row["网址"] == policy["address"])
    assert row["题名"] == policy["title"] and row["索引号"] == policy["index_number"]
    rich = next(one for one in written["entries"] if one["address"].endswith("/news/employment-meeting/"))
    assert any(one["address"].endswith(".mp4") for one in rich["relations"])
    records = {line["record"] for line in json_lines(whole / ADDRESSES)}
    assert {one["record"] for one in written["entries"]} <= records
    assert {"news", "policies"} <= {one["path"].strip("/") for one in columns(whole)}
    assert len(list(items_in(whole, "/policies/"))) == 1


def test_one_column_with_its_files(live: Any, export: Callable[..., Any]):
    built = export(column="news")
    lines = list(json_lines(built.folder / ADDRESSES))
    public = [line["address"] for line in lines if line["role"] == "public"]
    assert public and all("/news/" in address for address in public)
    assert any(line["address"].endswith(".mp4") for line in lines if line["role"] == "shown")
    assert verify_archive(built.folder).faults == []
    assert "-news-" in built.name


def test_an_empty_site(export: Callable[..., Any]):
    built = export("beta")
    assert built.addresses == built.captured > 0
    assert verify_archive(built.folder).faults == []


def test_a_site_that_is_down_is_archived_as_it_was(live: Any, export: Callable[..., Any]):
    running = files(export(folder="running").folder)
    tenant = get_tenant("alpha")
    tenant.status = Tenant.Status.OFFLINE
    tenant.save()
    assert files(export(folder="offline").folder) == running
    assert Client(HTTP_HOST="alpha.localhost").get("/").status_code == 503


def test_a_site_that_is_frozen_is_archived_with_its_pictures(live: Any, export: Callable[..., Any]):
    def shown(folder: str) -> list[tuple[str, int]]:
        return [(line["address"], line["status"]) for line in json_lines(export(folder=folder).folder / ADDRESSES)]

    running = shown("running")
    freeze("alpha", "beta")
    assert shown("frozen") == running
    assert any("/media/" in address for address, _status in running)


def test_what_cannot_be_archived_is_refused(db: None, tmp_path: Path):
    Tenant.objects.filter(code="beta").update(status=Tenant.Status.PREPARING)
    for code in ("console", "beta"):
        with pytest.raises(Refused):
            export_archive(get_tenant(code), tmp_path / code)
    with pytest.raises(Refused, match="nothing-like-it"):
        export_archive(get_tenant("alpha"), tmp_path / "column", column="nothing-like-it")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("kept")
    with pytest.raises(Refused, match="taken"):
        export_archive(get_tenant("alpha"), tmp_path / "taken")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken"]
    assert Archive.objects.count() == 0


def test_an_address_that_fails_ends_it_and_nothing_is_left(live: Any, db: None, tmp_path: Path):
    with tenant_context(get_tenant("alpha")), as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE public.content_library_repost RENAME TO lost")
    with pytest.raises(Refused, match="500"):
        export_archive(get_tenant("alpha"), tmp_path / "archive")
    assert list(tmp_path.iterdir()) == []


def test_only_operators_and_supervisors_make_them(person: Callable[[str], Any]):
    with pytest.raises(Refused):
        request_archive(get_tenant("alpha"), acting_user=person("alpha_admin"))
    made = request_archive(get_tenant("alpha"), acting_user=person("operator"))
    assert made.state == Archive.State.WAITING
    assert Entry.objects.filter(act="archive.request").count() == 1
    with pytest.raises(Refused):
        request_archive(get_tenant("alpha"), acting_user=person("supervisor"))


def test_the_verb(verb: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path):
    done = verb("export_archive", "alpha", "--out", str(tmp_path / "archive"), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == {"archive", "addresses", "captured", "records", "bytes", "certificate"}
    assert found["addresses"] == found["captured"] and Path(found["certificate"]).is_file()
    assert found["bytes"] == sum(path.stat().st_size for path in (tmp_path / "archive").rglob("*") if path.is_file())
    checked = verb("verify_archive", found["archive"], "--json")
    assert checked.returncode == 0 and json.loads(checked.stdout)["ok"] is True
    assert Entry.objects.filter(act="archive.export").count() == 1
    assert verb("export_archive", "nowhere", "--out", str(tmp_path / "no"), "--json").returncode == 3


def _limited(database_url: str, most: int, out: Path) -> subprocess.CompletedProcess[str]:
    """The verb in a process in which no file may grow beyond ``most`` bytes, as on a disk that is full."""
    environ = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
        # Half a file of bytecode would be taken for a whole one by whoever comes after.
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    words = [sys.executable, str(ROOT / "manage.py"), "export_archive", "alpha", "--out", str(out), "--json"]
    return subprocess.run(
        ["prlimit", f"--fsize={most}", *words], capture_output=True, text=True, env=environ, check=False
    )


def test_a_full_disk_is_said_and_nothing_is_left(live: Any, own_database: str, tmp_path: Path, subtests: Any):
    for most in (4_000, 60_000, 150_000):
        with subtests.test(most=most):
            done = _limited(own_database, most, tmp_path / "archive")
            assert done.returncode == 3, done.stderr
            assert "磁盘空间不足" in json.loads(done.stdout)["refused"][0]
            assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("megabytes", [80, pytest.param(200, marks=pytest.mark.soak)])
def test_a_large_film_passes_through_in_pieces(own_database: str, tmp_path: Path, megabytes: int):
    """What the process holds at most is compared with the same export without the film."""
    usage = (
        "import resource,subprocess,sys; p=subprocess.run(sys.argv[1:],capture_output=True,text=True);"
        "sys.stdout.write(p.stdout); sys.stderr.write(p.stderr);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(p.returncode)"
    )
    environ = {**os.environ, "DATABASE_URL": own_database, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test"}

    def export(name: str) -> tuple[dict[str, Any], int]:
        words = [
            sys.executable,
            str(ROOT / "manage.py"),
            "export_archive",
            "alpha",
            "--out",
            str(tmp_path / name),
            "--json",
        ]
        done = subprocess.run(
            [sys.executable, "-c", usage, *words], capture_output=True, text=True, env=environ, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout), int(done.stderr.split()[-1])

    size = megabytes * 1024 * 1024
    _small, before = export("small")
    with tenant_context(get_tenant("alpha")):
        film = factories.document(b"\x00\x00\x00\x18ftypmp42" + bytes(size), "film.mp4", "alpha_editor")
        factories.live_article(body=[{"type": "attachment", "value": {"document": film.pk, "title": "film"}}])
    large, after = export("large")
    assert large["bytes"] < size  # zeros
    assert after - before < 40 * 1024
    line = next(one for one in json_lines(tmp_path / "large" / ADDRESSES) if one["address"].endswith("film.mp4"))
    assert line["bytes"] == size + 12
    assert verify_archive(tmp_path / "large").faults == []


def test_what_differs_by_slashes_case_or_query_has_a_key_of_its_own():
    root = "http://a.gov.cn"
    different = ["/n//x/", "/n/x/", "/n/x", "/n/x/?page=2", "/n/x/?page=3", "/n/x/?page=2&q=1", "/"]
    assert len({index_key(root + path) for path in different}) == len(different)
    assert index_key(f"{root}/N/X/") == index_key(f"{root}/n/x/")
    assert coarse_key(f"{root}/n//x/") == coarse_key(f"{root}/N/x")
    assert index_key("http://www.a.gov.cn:8000/新闻?b=2&a=1") == "cn,gov,a:8000)/新闻?a=1&b=2"


def test_the_key_stays_outside_the_repository(db: None):
    from govplatform.archive.keys import ensure_key

    first = ensure_key()
    path = Path(settings.ARCHIVE_KEY_FILE)
    assert path.stat().st_mode & 0o777 == 0o600 and ROOT not in path.parents
    assert ensure_key() == first


def test_a_key_of_the_environment_counts(settings: Any):
    from govplatform.archive.keys import ensure_key

    settings.ARCHIVE_SIGNING_KEY = "11" * 32
    first = ensure_key()
    settings.ARCHIVE_SIGNING_KEY = "12" * 32
    assert ensure_key() != first
    settings.ARCHIVE_SIGNING_KEY = "no key"
    with pytest.raises(Refused, match="ARCHIVE_SIGNING_KEY"):
        ensure_key()
