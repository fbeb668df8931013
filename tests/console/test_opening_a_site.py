"""An operator opens a site by a form; the job does it, the page tells how it ended."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django_tenants.utils import schema_context
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.accounts.actions import grant_role
from govplatform.lifecycle.models import SiteOpening
from govplatform.lifecycle.tasks import open_site_job
from govplatform.tenancy.current import leave_tenant
from govplatform.tenancy.models import Tenant
from tests import factories

FACTS = {
    "full_name": "澄州市青溪县人民政府",
    "code": "qingxi",
    "kind": "portal",
    "level": "county",
    "parent_code": "alpha",
    "host": "qingxi.localhost",
    "console_host": "qingxi.console.localhost",
    "organiser": "青溪县人民政府办公室",
    "identity_code": "",
    "theme": "county",
    "rule_pack": "national",
}


def request_opening(client, **changed):
    return client.post("/admin/fleet/new/", {**FACTS, "confirmed": "", **changed})


def test_a_form_becomes_a_job_and_the_job_a_site(db, console):
    client = console("operator", "console")
    response = request_opening(client)
    opening = SiteOpening.objects.get()
    assert response.headers["Location"] == f"/admin/fleet/openings/{opening.pk}/"
    job = ProcrastinateJob.objects.order_by("-id").first()
    assert job.queue_name == "owner"
    assert job.args["task_path"] == "govplatform.lifecycle.tasks.open_site_job"
    assert "正在开设" in client.get(response.headers["Location"]).content.decode()
    with schema_context("public"):
        open_site_job.call(opening.pk)
    news = client.get(response.headers["Location"], headers={"accept": "application/json"})
    assert json.loads(news.content)["state"] == "done"
    html = client.get(response.headers["Location"]).content.decode()
    assert "http://qingxi.localhost:8000/" in html
    assert "http://qingxi.console.localhost:8000/admin/" in html
    assert Tenant.objects.get(code="qingxi").parent.code == "alpha"
    # Nobody can sign in there, which is said where it opened and in the list, until somebody has a role.
    fleet = client.get("/admin/fleet/").content.decode()
    assert "还没有人能登录这个站点的管理后台" in html and fleet.count("没有人员") == 1
    with schema_context("public"):
        grant_role(factories.user("outsider"), "site-admin", tenant=Tenant.objects.get(code="qingxi"), acting_user=None)
    assert "还没有人能登录" not in client.get(response.headers["Location"]).content.decode()
    assert "没有人员" not in client.get("/admin/fleet/").content.decode()


def test_the_verb_says_that_nobody_can_sign_in(db):
    told = StringIO()
    words = ("--host", "qx.localhost", "--console-host", "qx.console.localhost", "--name", "澄州市青溪县人民政府")
    leave_tenant()
    call_command("create_site", "qx", *words, "--kind", "portal", "--level", "county", stdout=told)
    assert "还没有人能登录这个站点的管理后台（http://qx.console.localhost:8000/" in told.getvalue()


def test_a_job_that_runs_twice_opens_one_site(db, console):
    request_opening(console("operator", "console"))
    opening = SiteOpening.objects.get()
    with schema_context("public"):
        open_site_job.call(opening.pk)
        open_site_job.call(opening.pk)
    assert Tenant.objects.filter(code="qingxi").count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "alpha"}, "已经有站点使用"),
        ({"code": "Qing Xi"}, "不合规则"),
        ({"host": "alpha.localhost"}, "已经属于别的站点"),
        ({"console_host": "qingxi.example"}, "须在 console.localhost 之下"),
        ({"identity_code": "12345"}, "标识码"),
        ({"host": "http://qingxi.localhost/"}, "只写主机名"),
    ],
)
def test_what_is_wrong_is_said_at_once_and_the_answers_stay(db, console, changed, said):
    html = request_opening(console("operator", "console"), **changed).content.decode()
    assert said in html
    assert "青溪县人民政府办公室" in html
    assert not SiteOpening.objects.exists()


def test_a_refusal_of_the_job_is_shown_and_the_form_can_be_taken_up_again(db, console):
    client = console("operator", "console")
    request_opening(client)
    opening = SiteOpening.objects.get()
    opening.facts["parent_code"] = "nowhere"
    opening.save()
    with schema_context("public"):
        open_site_job.call(opening.pk)
    html = client.get(f"/admin/fleet/openings/{opening.pk}/").content.decode()
    assert "未能建立" in html
    assert "nowhere" in html
    assert "青溪县人民政府办公室" in client.get(f"/admin/fleet/new/?from={opening.pk}").content.decode()
    assert not Tenant.objects.filter(code="qingxi").exists()


@pytest.mark.parametrize("who", ["supervisor", "alpha_admin"])
def test_only_operators_open_sites(db, console, who):
    site = "console" if who == "supervisor" else "alpha"
    assert request_opening(console(who, site)).status_code == 403
    assert not SiteOpening.objects.exists()


@pytest.mark.parametrize(
    ("name", "asked"), [("kind", "请选择网站的类别"), ("level", "请选择网站的层级"), ("parent_code", "请选择上级站点")]
)
def test_what_duties_follow_from_is_asked_and_never_taken_for_granted(db, console, name, asked):
    client = console("operator", "console")
    begun = client.get("/admin/fleet/new/").content.decode()
    chosen = begun.split(f'name="{name}"')[1].split("</select>")[0]
    assert chosen.split("<option")[1].split(">", 1)[1].startswith("请选择")
    answer = request_opening(client, **{name: ""})
    assert asked in answer.content.decode()
    assert not SiteOpening.objects.exists()


def test_what_will_be_made_is_shown_before_it_is(db, console):
    client = console("operator", "console")
    shown = client.post("/admin/fleet/new/", FACTS).content.decode()
    for word in (
        "<h2>将要建立</h2>",
        "县级门户网站“澄州市青溪县人民政府”",
        "云江省澄州市人民政府",
        "工作动态",
        "办事服务",
        "确认开设",
    ):
        assert word in shown
    assert not SiteOpening.objects.exists()
    alone = client.post("/admin/fleet/new/", {**FACTS, "parent_code": "-"}).content.decode()
    assert "没有上级站点：" in alone
    again = client.post("/admin/fleet/new/", {**FACTS, "again": ""}).content.decode()
    assert "<h2>将要建立</h2>" not in again and 'value="澄州市青溪县人民政府"' in again


def test_a_site_without_a_superior_one_is_opened_when_that_is_said(db, console):
    client = console("operator", "console")
    assert request_opening(client, parent_code="-").status_code == 302
    opening = SiteOpening.objects.get()
    assert opening.facts["parent_code"] == ""
    shown = client.get(f"/admin/fleet/new/?from={opening.pk}").content.decode()
    assert '<option value="-" selected>' in shown
