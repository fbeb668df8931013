"""An operator opens many sites from a table: upload, check, job, progress, result."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tenants.utils import schema_context
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.lifecycle.batches import tasks
from govplatform.lifecycle.batches.actions import open_next_row
from govplatform.lifecycle.models import SiteBatch, SiteBatchRow
from govplatform.tenancy.models import Tenant
from tests.lifecycle.tables import csv_file, row


@pytest.fixture
def operator(db, console):
    return console("operator", "console")


def upload(client, tmp_path, *rows):
    content = csv_file(tmp_path / "sites.csv", *rows).read_bytes()
    return client.post("/admin/fleet/batches/new/", {"file": SimpleUploadedFile("sites.csv", content)})


def run_job(batch):
    with schema_context("public"):
        tasks.open_batch_job.call(batch.pk)


def text_of(client, address):
    return client.get(address).content.decode()


def test_a_table_becomes_a_job_and_the_job_sites(operator, tmp_path):
    address = upload(operator, tmp_path, row(1, parent_code="test2"), row(2)).headers["Location"]
    batch = SiteBatch.objects.get()
    assert address == f"/admin/fleet/batches/{batch.pk}/"
    assert "开设这 2 个站点" in text_of(operator, address)
    assert not Tenant.objects.filter(code="test1").exists()
    assert operator.post(address).status_code == 302
    job = ProcrastinateJob.objects.order_by("-id").first()
    assert (job.queue_name, job.args["task_path"]) == ("owner", "govplatform.lifecycle.batches.tasks.open_batch_job")
    assert "正在开设" in text_of(operator, address)
    assert "sites.csv" in text_of(operator, "/admin/fleet/")
    run_job(batch)
    html = text_of(operator, address)
    assert "2 个站点已建成" in html
    assert "http://test1.localhost:8000/" in html
    assert Tenant.objects.get(code="test1").parent.code == "test2"


def test_faults_are_listed_and_can_be_downloaded(operator, tmp_path):
    address = upload(operator, tmp_path, row(1), row(2, kind="企业"), row(3, host="")).headers["Location"]
    html = text_of(operator, address)
    assert "有 2 行有误，还没有开设任何站点" in html
    assert "不认识“企业”" in html
    answer = operator.get(f"{address}faults/?format=xlsx")
    path = tmp_path / "faulty.xlsx"
    path.write_bytes(answer.content)
    lines = list(load_workbook(path).active.iter_rows(values_only=True))
    assert [line[0] for line in lines] == ["原行号", "3", "4"]
    assert "类别：不认识" in lines[1][-1]
    assert operator.post(address, follow=True).content.decode().count("有 2 行有误，没有开设任何站点") == 1
    assert not Tenant.objects.filter(code="test1").exists()


def test_a_table_without_headings_says_which_are_missing(operator):
    content = SimpleUploadedFile("sites.csv", "甲县,jia\n".encode())
    address = operator.post("/admin/fleet/batches/new/", {"file": content}).headers["Location"]
    html = text_of(operator, address)
    assert "表头有误" in html
    assert "公众访问域名" in html


@pytest.mark.parametrize("name", ["sites.xls", "sites.txt"])
def test_other_files_are_sent_back(operator, name):
    answer = operator.post("/admin/fleet/batches/new/", {"file": SimpleUploadedFile(name, b"x")})
    assert "只能导入 CSV 或 XLSX 文件" in answer.content.decode()
    assert not SiteBatch.objects.exists()


def test_the_platform_is_asked_again_when_the_work_begins(operator, tmp_path):
    address = upload(operator, tmp_path, row(1), row(2)).headers["Location"]
    Tenant.objects.filter(code="beta").update(identity_code="5301000042")
    SiteBatchRow.objects.filter(line=2).update(given=row(1, identity_code="5301000042") | blank())
    operator.post(address)
    assert SiteBatch.objects.get().state == SiteBatch.State.CHECKED
    assert "已经由“澄州市白石县人民政府”使用" in text_of(operator, address)


def blank():
    from govplatform.lifecycle.batches.table import HEADINGS

    return {field: "" for field in HEADINGS if field not in row(1, identity_code="")}


def test_progress_is_told_and_found_again(operator, tmp_path):
    address = upload(operator, tmp_path, row(1), row(2), row(3)).headers["Location"]
    operator.post(address)
    batch = SiteBatch.objects.get()
    with schema_context("public"):
        assert open_next_row(batch.pk, acting_user=None)
    news = json.loads(operator.get(address, headers={"accept": "application/json"}).content)
    assert (news["running"], news["done"], news["total"]) == (True, 1, 3)


def test_a_job_whose_worker_died_is_told_apart_and_taken_up(operator, tmp_path):
    address = upload(operator, tmp_path, row(1), row(2)).headers["Location"]
    operator.post(address)
    batch = SiteBatch.objects.get()
    with schema_context("public"):
        open_next_row(batch.pk, acting_user=None)
    SiteBatch.objects.update(state=SiteBatch.State.RUNNING)
    html = text_of(operator, address)
    assert "已中断" in html
    assert "还有 1 个没有开设" in html
    operator.post(address)
    run_job(batch)
    assert "2 个站点已建成" in text_of(operator, address)


def test_a_job_that_runs_twice_opens_every_site_once(operator, tmp_path):
    operator.post(upload(operator, tmp_path, row(1)).headers["Location"])
    batch = SiteBatch.objects.get()
    run_job(batch)
    run_job(batch)
    assert Tenant.objects.filter(code="test1").count() == 1
    assert SiteBatch.objects.get().state == SiteBatch.State.DONE


def test_a_long_batch_lets_others_of_its_queue_have_their_turn(operator, tmp_path, monkeypatch):
    operator.post(upload(operator, tmp_path, row(1), row(2)).headers["Location"])
    batch = SiteBatch.objects.get()
    monkeypatch.setattr(tasks, "SLICE_SECONDS", 0.0)
    run_job(batch)
    batch.refresh_from_db()
    assert batch.state == SiteBatch.State.WAITING
    jobs = ProcrastinateJob.objects.filter(args__task_path="govplatform.lifecycle.batches.tasks.open_batch_job")
    assert jobs.count() == 2


def test_sites_that_are_there_are_passed_over(operator, tmp_path):
    operator.post(upload(operator, tmp_path, row(1)).headers["Location"])
    run_job(SiteBatch.objects.get())
    address = upload(operator, tmp_path, row(1)).headers["Location"]
    html = text_of(operator, address)
    assert "没有要做的" not in html.split("已经开设，略过")[1]
    assert "表里的站点都已经开设" in html


def test_the_empty_table_can_be_downloaded(operator):
    assert operator.get("/admin/fleet/batches/empty/?format=csv").content.decode("utf-8-sig").startswith("网站全称")
    assert operator.get("/admin/fleet/batches/empty/").content.startswith(b"PK")
    assert operator.get("/admin/fleet/batches/empty/?format=exe").status_code == 404


def test_nobody_else_opens_many_sites(db, console, tmp_path):
    SiteBatch.objects.create(filename="sites.csv")
    batch = SiteBatch.objects.get()
    for name, site in (("supervisor", "console"), ("alpha_admin", "alpha")):
        client = console(name, site)
        for address in ("new/", "empty/", f"{batch.pk}/", f"{batch.pk}/faults/"):
            assert client.get(f"/admin/fleet/batches/{address}").status_code in (302, 403, 404)
        upload(client, tmp_path, row(1))
    assert SiteBatch.objects.count() == 1
