"""The job of an arrival: it stops when asked, goes on after a kill, and notices that its file was exchanged."""

import os
import signal
import subprocess
import sys
import zipfile

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.arrivals import making, running
from sites.arrivals.actions import start_import, stop_arrival, upload_crawl
from sites.arrivals.models import Arrival, OldAddress, SurveyedAddress
from sites.arrivals.running import work_on
from sites.arrivals.tasks import work_on_arrival
from sites.articles.models import Article
from tests import database, factories
from tests.arrivals.old_site import HOST, WORDS, Answer, article, crawl, write_mirror
from tests.arrivals.uploading import surveyed


@pytest.fixture
def alpha_site(db):
    with tenant_context(get_tenant("alpha")):
        yield


def many(count=30):
    return [
        Answer(f"/xw/{n}.html", article(f"岚河县第{n}号供水通知", words=(f"第{n}号。", *WORDS))) for n in range(count)
    ]


def test_it_stops_between_pages_and_goes_on(alpha_site, tmp_path, monkeypatch):
    arrival = surveyed(tmp_path, many())
    editor = factories.user("alpha_editor")
    arrival = start_import(arrival, acting_user=editor)
    monkeypatch.setattr(making, "DRAFTS", 5)
    made = making.import_read_document

    def stop_after_the_seventh(*args, **named):
        if Article.objects.count() == 7:
            stop_arrival(Arrival.objects.get(), acting_user=editor)
        return made(*args, **named)

    monkeypatch.setattr(making, "import_read_document", stop_after_the_seventh)
    work_on(arrival)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.stopping, Article.objects.count()) == (Arrival.State.STOPPED, False, 10)
    monkeypatch.setattr(making, "import_read_document", made)
    work_on(start_import(arrival, acting_user=editor))
    arrival.refresh_from_db()
    assert (arrival.state, arrival.done, Article.objects.count()) == (Arrival.State.DONE, 30, 30)


def test_what_waits_is_stopped_at_once(alpha_site, tmp_path):
    arrival = start_import(surveyed(tmp_path), acting_user=factories.user("alpha_editor"))
    stop_arrival(arrival, acting_user=factories.user("alpha_admin"))
    arrival.refresh_from_db()
    assert arrival.state == Arrival.State.STOPPED and not arrival.working


def test_an_exchanged_file_is_not_read(alpha_site, tmp_path):
    arrival = surveyed(tmp_path)
    with arrival.crawl.storage.open(arrival.crawl.name, "rb") as stored:
        content = stored.read()
    arrival.crawl.storage.delete(arrival.crawl.name)
    arrival.crawl.storage.save(arrival.crawl.name, ContentFile(content + b"\0"))
    work_on(start_import(arrival, acting_user=factories.user("alpha_editor")))
    arrival.refresh_from_db()
    assert arrival.state == Arrival.State.FAILED and "不一致" in arrival.reason and not Article.objects.exists()


def test_a_second_run_at_the_same_time_makes_no_page_twice(alpha_site, tmp_path, monkeypatch):
    arrival = start_import(surveyed(tmp_path, many(4)), acting_user=factories.user("alpha_editor"))
    made, known = making.import_read_document, making.DraftMaking._known
    twin = Arrival.objects.get(pk=arrival.pk)
    begun = []

    def run_the_twin_first(self, rows=None):
        found = known(self, rows)
        if rows is None and not begun:
            begun.append(True)
            work_on(twin)
        return found

    monkeypatch.setattr(making.DraftMaking, "_known", run_the_twin_first)
    work_on(arrival)
    assert made is making.import_read_document
    assert Article.objects.count() == 4


def mirror_zip(folder, path, wrapper="backup/"):
    write_mirror(folder, crawl())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                package.write(file, wrapper + str(file.relative_to(folder)))
    return path


def uploaded(path):
    arrival = upload_crawl(
        ContentFile(path.read_bytes(), name=path.name),
        name=path.name,
        host=HOST,
        acting_user=factories.user("alpha_editor"),
    )
    work_on(arrival)
    arrival.refresh_from_db()
    return arrival


def test_a_mirrored_folder_comes_as_a_zip(alpha_site, tmp_path):
    arrival = uploaded(mirror_zip(tmp_path / "mirror", tmp_path / "mirror.zip"))
    assert arrival.state == Arrival.State.SURVEYED, arrival.reason
    titles = set(SurveyedAddress.objects.filter(result="page").values_list("title", flat=True))
    assert "岚河县检修山区供水设施" in titles and "岚河县公布冬季防冻安排" in titles


def test_names_in_a_zip_lead_nowhere_else(alpha_site, tmp_path):
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(f"{HOST}/a.html", article("岚河县好的一页"))
        package.writestr(f"{HOST}/../../../../tmp/escaped-arrival.html", article("逃出去的一页"))
        package.writestr("/etc/escaped-arrival.html", article("绝对路径的一页"))
        link = zipfile.ZipInfo(f"{HOST}/link.html")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
        package.writestr(f"{HOST}/{'x' * 300}.html", article("名字太长的一页"))
        package.writestr("旧页.html".encode().decode("latin-1"), article("名字不合编码的一页"))
    arrival = uploaded(path)
    assert arrival.state == Arrival.State.SURVEYED, arrival.reason
    titles = set(SurveyedAddress.objects.filter(result="page").values_list("title", flat=True))
    assert titles == {"岚河县好的一页"}
    assert not os.path.exists("/tmp/escaped-arrival.html") and not os.path.exists("/etc/escaped-arrival.html")


def test_a_bomb_is_not_unpacked(alpha_site, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "UPLOADED", running.CrawlBounds(total_bytes=20 << 20))
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(f"{HOST}/a.html", b"<html>" + b" " * (30 << 20))
    arrival = uploaded(path)
    assert arrival.state == Arrival.State.FAILED and "过大" in arrival.reason


_SLOW_WORKER = """
import sys, time
sys.path[:0] = [{platform!r}, {root!r}]
import django
django.setup()
from django_tenants.utils import tenant_context
from govplatform.tenancy.queries import get_tenant
from sites.arrivals import making
from sites.arrivals.tasks import work_on_arrival
make = making.import_read_document
def slowly(*args, **named):
    made = make(*args, **named)
    print(made.page.pk, flush=True)
    time.sleep(0.2)
    return made
making.import_read_document = slowly
with tenant_context(get_tenant("alpha")):
    work_on_arrival.call(int(sys.argv[1]))
"""


def test_after_a_kill_the_job_goes_on(own_database, tmp_path):
    """kill -9 while drafts are made; the job that the queue gives back makes the rest, and nothing twice."""
    alpha, root = get_tenant("alpha"), database.ROOT
    with tenant_context(alpha):
        arrival = start_import(surveyed(tmp_path, many(25)), acting_user=factories.user("alpha_editor"))
    worker = subprocess.Popen(
        [sys.executable, "-c", _SLOW_WORKER.format(platform=str(root / "platform"), root=str(root)), str(arrival.pk)],
        env={
            **os.environ,
            "DATABASE_URL": own_database,
            "DJANGO_SETTINGS_MODULE": "govplatform.settings.test",
            "TEST_MEDIA_ROOT": str(settings.MEDIA_ROOT),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    for _number in range(4):
        assert worker.stdout.readline().strip().isdigit()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    with tenant_context(alpha):
        before = Article.objects.count()
        arrival.refresh_from_db()
        assert 3 <= before <= 5 and arrival.state == Arrival.State.RUNNING
        work_on_arrival.call(arrival.pk)
        arrival.refresh_from_db()
        assert (arrival.state, Article.objects.count()) == (Arrival.State.DONE, 25)
        assert OldAddress.objects.filter(first=True).values("page").distinct().count() == 25
