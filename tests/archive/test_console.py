"""The screens of archives: asked for by a form, made by a job with progress, downloaded, verified, opened."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.archive.actions import folder_for
from govplatform.archive.models import Archive
from govplatform.archive.tasks import make_requested_archive, verify_kept_archive
from govplatform.archive.verification.checking import verify_archive
from govplatform.audit.models import Entry


def ask(client: Client, **fields: str) -> Any:
    return client.post("/admin/archives/", {"site": "alpha", "column": "", **fields})


def make(archive: Archive) -> None:
    with schema_context("public"):
        make_requested_archive.call(archive.pk)
    archive.refresh_from_db()


def test_from_the_form_to_the_reader(live: Any, console: Any, tmp_path: Path):
    client = console("operator", "console")
    answer = ask(client)
    archive = Archive.objects.get()
    assert answer.headers["Location"] == f"/admin/archives/{archive.pk}/"
    job = ProcrastinateJob.objects.order_by("-id").first()
    assert job.args["task_path"] == "govplatform.archive.tasks.make_requested_archive"
    page = answer.headers["Location"]
    assert "排队中" in client.get(page).content.decode()
    assert json.loads(client.get(page, headers={"accept": "application/json"}).content)["running"] is True
    make(archive)
    assert archive.state == Archive.State.DONE and archive.addresses == archive.captured > 30
    html = client.get(page).content.decode()
    assert archive.name in html and f"http://archive.localhost:8000/{archive.pk}/" in html
    assert json.loads(client.get(page, headers={"accept": "application/json"}).content)["running"] is False
    reader = Client(HTTP_HOST="archive.localhost").get(f"/{archive.pk}/")
    assert reader.status_code == 200 and "云江省澄州市人民政府" in reader.content.decode()
    bag = b"".join(client.get(f"{page}bag/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(bag)) as packed:
        packed.extractall(tmp_path)
    assert verify_archive(tmp_path / archive.name).faults == []
    wacz = client.get(f"{page}wacz/")
    assert wacz.headers["Content-Disposition"].endswith(f'"{archive.name}.wacz"')
    assert b"".join(wacz.streaming_content)[:2] == b"PK"


def test_a_job_that_was_killed_before_it_was_recorded_begins_anew(live: Any, console: Any, monkeypatch: Any):
    ask(console("operator", "console"), column="news")
    archive = Archive.objects.get()

    class Killed(BaseException):
        pass

    def killed(*_args: Any, **_named: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("govplatform.archive.actions._enter", killed)
        make(archive)
    assert Archive.objects.get().working and folder_for(archive).is_dir()
    # The next one is killed when it has recorded the archive and queued nothing that follows.
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("govplatform.archive.tasks._follow", killed)
        make(archive)
    assert (Archive.objects.get().state, Archive.objects.get().reasons) == (Archive.State.DONE, [])
    Archive.objects.update(requested_by=None)
    ProcrastinateJob.objects.all().delete()
    make(archive)
    queued = {job.args["task_path"].rpartition(".")[2] for job in ProcrastinateJob.objects.all()}
    assert queued == {"keep_texts_of_archive", "verify_kept_archive"}
    assert verify_archive(folder_for(archive)).faults == []


def test_verified_by_a_job(live: Any, console: Any, person: Any):
    client = console("supervisor", "console")
    ask(client, column="news")
    archive = Archive.objects.get()
    make(archive)
    page = f"/admin/archives/{archive.pk}/"
    client.post(page)
    assert "正在核验" in client.get(page).content.decode()
    with schema_context("public"):
        verify_kept_archive.call(archive.pk, person("supervisor").pk)
    archive.refresh_from_db()
    assert archive.verdict == Archive.Verdict.WHOLE
    assert "核验完好" in client.get(page).content.decode()
    path = folder_for(archive) / "data/metadata/archive.csv"
    path.write_bytes(path.read_bytes() + b" ")
    client.post(page)
    with schema_context("public"):
        verify_kept_archive.call(archive.pk, person("supervisor").pk)
    html = client.get(page).content.decode()
    assert "data/metadata/archive.csv" in html and "archive.localhost" not in html
    assert Entry.objects.filter(act="archive.verify", actor_name__contains="监管员").count() == 2


def test_a_refusal_is_shown_and_leaves_nothing(live: Any, console: Any):
    client = console("operator", "console")
    assert "nothing-like-it" in ask(client, column="nothing-like-it").content.decode()
    ask(client)
    assert "正在进行" in ask(client).content.decode()
    archive = Archive.objects.get()
    folder_for(archive).mkdir(parents=True)
    (folder_for(archive) / "file").write_text("x")
    make(archive)
    assert archive.state == Archive.State.REFUSED
    assert "已经存在" in client.get(f"/admin/archives/{archive.pk}/").content.decode()
    assert client.get(f"/admin/archives/{archive.pk}/bag/").status_code == 404


def test_for_operators_and_supervisors_alone(live: Any, console: Any):
    for username, site in (("alpha_admin", "alpha"), ("alpha_editor", "alpha")):
        assert console(username, site).get("/admin/archives/").status_code in (403, 404)
    assert console("operator", "console").get("/admin/archives/").status_code == 200
