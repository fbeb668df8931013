"""外来网站接收 in the console: a crawl is uploaded, read, reported on page by page, and its pages become drafts."""

import csv

import pytest
from django_tenants.utils import tenant_context

from govplatform.audit.models import Entry
from govplatform.tenancy.queries import get_tenant
from sites.arrivals import actions as acts
from sites.arrivals.models import Arrival, OldAddress, SurveyedAddress
from sites.articles.models import Article
from tests.arrivals.old_site import HOST, Answer, article
from tests.arrivals.uploading import ARRIVALS, run_jobs, the_arrival, upload, warc_bytes

TITLE = "岚河县检修山区供水设施"


def test_a_crawl_is_uploaded_read_and_imported(console, tmp_path):
    client = console("alpha_editor", "alpha")
    empty = client.get(ARRIVALS).content.decode()
    assert "还没有接收过外来网站" in empty and "原网站域名" in empty
    response = upload(client, warc_bytes(tmp_path))
    arrival = the_arrival()
    address = f"{ARRIVALS}{arrival.pk}/"
    assert response.url == address
    assert client.get(address, headers={"accept": "application/json"}).json()["running"] is True
    assert "停止" in client.get(address).content.decode()
    assert run_jobs() == 1
    arrival = the_arrival()
    assert (arrival.state, len(arrival.sha256)) == (Arrival.State.SURVEYED, 64)
    with tenant_context(get_tenant("alpha")):
        assert Article.objects.count() == 0 and OldAddress.objects.count() == 0
    shown = client.get(address).content.decode()
    for words in (TITLE, "2019-03-02 10:20", "列表页", "框架页", "导入 3 页为草稿", "没有决定"):
        assert words in shown, words
    assert client.post(address, {"act": "import"}).url == address
    run_jobs()
    assert the_arrival().state == Arrival.State.DONE
    with tenant_context(get_tenant("alpha")):
        assert Article.objects.count() == 3
        assert {entry.act for entry in Entry.objects.filter(act__startswith="arrival.")} == {
            "arrival.upload",
            "arrival.import",
        }
        number = Article.objects.get(title=TITLE).pk
    shown = client.get(address).content.decode()
    assert f"/admin/pages/{number}/edit/" in shown and "再次导入" in shown
    # Started again it makes nothing twice.
    client.post(address, {"act": "import"})
    run_jobs()
    with tenant_context(get_tenant("alpha")):
        assert Article.objects.count() == 3


def test_the_report_is_filtered_and_downloaded(console, tmp_path):
    client = console("alpha_editor", "alpha")
    upload(client, warc_bytes(tmp_path))
    run_jobs()
    address = f"{ARRIVALS}{the_arrival().pk}/"
    skipped = client.get(address, {"show": "skipped"}).content.decode()
    assert "没有说属于哪个栏目" in skipped and "to_column" not in skipped and "2019-03-02 10:20" not in skipped
    merged = client.get(address, {"show": "merged"}).content.decode()
    assert "/print.jsp?id=1" in merged and "并入" in merged
    doubtful = client.get(address, {"show": "doubtful"}).content.decode()
    assert "ArticleTitle 标签写的是网站名称" in doubtful and "存疑" in doubtful
    assert "没有符合条件的网址" in client.get(address, {"q": "不存在的词"}).content.decode()
    response = client.get(f"{address}report.csv")
    rows = list(csv.reader(response.content.decode("utf-8-sig").splitlines()))
    with tenant_context(get_tenant("alpha")):
        assert len(rows) == 1 + SurveyedAddress.objects.count()
    assert response["Content-Disposition"].startswith("attachment")
    assert any(row[3] == TITLE and row[4] == "2019-03-02 10:20" for row in rows)


def test_an_administrator_prepares_and_an_editor_imports(console, tmp_path):
    admin = console("alpha_admin", "alpha")
    upload(admin, warc_bytes(tmp_path))
    run_jobs()
    address = f"{ARRIVALS}{the_arrival().pk}/"
    assert "由本站编辑办理" in admin.get(address).content.decode()
    refused = admin.post(address, {"act": "import"})
    assert refused.status_code == 400 and "没有编辑角色" in refused.content.decode()
    editor = console("alpha_editor", "alpha")
    editor.post(address, {"act": "import"})
    run_jobs()
    arrival = the_arrival()
    assert (arrival.state, arrival.started_by.username) == (Arrival.State.DONE, "alpha_editor")
    assert arrival.uploaded_by.username == "alpha_admin"


def test_reviewers_read_the_report_and_change_nothing(console, tmp_path):
    editor = console("alpha_editor", "alpha")
    upload(editor, warc_bytes(tmp_path))
    run_jobs()
    address = f"{ARRIVALS}{the_arrival().pk}/"
    reviewer = console("alpha_content", "alpha")
    shown = reviewer.get(address).content.decode()
    assert TITLE in shown and "提出决定" in shown and "上传并预检" not in reviewer.get(ARRIVALS).content.decode()
    assert upload(reviewer, warc_bytes(tmp_path)).status_code == 403
    for act in ("import", "survey", "stop", "discard"):
        assert reviewer.post(address, {"act": act}).status_code == 400, act
    assert reviewer.get(f"{address}rules/").status_code == 403
    for outsider, site in (("alpha_auditor", "alpha"), ("operator", "console")):
        assert console(outsider, site).get(address).status_code in (403, 404)
    assert console("beta_editor", "beta").get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "host", "told"),
    [
        ("old.warc.gz", b"", HOST, "空的"),
        ("old.rar", b"Rar!", HOST, ".warc"),
        ("old.warc.gz", b"x", "http://www.a.cn/", "只写主机名"),
        ("old.warc.gz", b"x", "", "请写原网站域名"),
        ("old.warc.gz", b"x", "beta.localhost", "澄州市白石县人民政府"),
    ],
)
def test_what_cannot_be_uploaded_is_refused_with_its_field(console, name, content, host, told):
    client = console("alpha_editor", "alpha")
    response = upload(client, content, name, host)
    assert response.status_code == 400 and told in response.content.decode()
    with tenant_context(get_tenant("alpha")):
        assert not Arrival.objects.exists()


def test_an_upload_has_a_bound(console, tmp_path, monkeypatch):
    monkeypatch.setattr(acts, "LARGEST_UPLOAD", 100)
    response = upload(console("alpha_editor", "alpha"), warc_bytes(tmp_path))
    assert response.status_code == 400 and "用命令导入" in response.content.decode()


def test_what_is_no_crawl_ends_with_the_way_out(console, tmp_path):
    client = console("alpha_editor", "alpha")
    upload(client, b"PK\x03\x04 broken", "old.wacz")
    run_jobs()
    arrival = the_arrival()
    assert (arrival.state, "损坏" in arrival.reason) == (Arrival.State.FAILED, True)
    shown = client.get(f"{ARRIVALS}{arrival.pk}/").content.decode()
    assert "未完成" in shown and "损坏" in shown
    refused = client.post(f"{ARRIVALS}{arrival.pk}/", {"act": "import"})
    assert refused.status_code == 400 and "还没有预检报告" in refused.content.decode()


def test_a_crawl_of_another_host_says_whose_it_is(console, tmp_path):
    client = console("alpha_editor", "alpha")
    upload(client, warc_bytes(tmp_path), host="www.other.example")
    run_jobs()
    assert HOST in the_arrival().reason and "原网站域名" in the_arrival().reason


def test_settings_are_changed_and_the_crawl_is_read_anew(console, tmp_path):
    client = console("alpha_editor", "alpha")
    upload(client, warc_bytes(tmp_path, [Answer("/a.html", article("没有栏目的一页", column="别的栏目"))]))
    run_jobs()
    address = f"{ARRIVALS}{the_arrival().pk}/"
    refused = client.post(address, {"act": "import"})
    assert refused.status_code == 400 and "没有可以导入的网页" in refused.content.decode()
    bad = client.post(address, {"act": "survey", "limit": "viele"})
    assert bad.status_code == 400 and "最多导入页数" in bad.content.decode()
    with tenant_context(get_tenant("alpha")):
        from tests import factories

        column = factories.column().pk
    client.post(address, {"act": "survey", "column": column, "limit": "1"})
    run_jobs()
    with tenant_context(get_tenant("alpha")):
        assert SurveyedAddress.objects.filter(result="page").count() == 1


def test_the_crawl_can_be_deleted_and_the_report_stays(console, tmp_path):
    client = console("alpha_editor", "alpha")
    upload(client, warc_bytes(tmp_path))
    run_jobs()
    arrival = the_arrival()
    address = f"{ARRIVALS}{arrival.pk}/"
    with tenant_context(get_tenant("alpha")):
        storage, names = arrival.crawl.storage, (arrival.crawl.name, arrival.kept.name)
        assert all(storage.exists(name) for name in names)
    assert client.post(address, {"act": "discard"}).status_code == 302
    with tenant_context(get_tenant("alpha")):
        assert not any(storage.exists(name) for name in names)
    assert TITLE in client.get(address).content.decode()
    refused = client.post(address, {"act": "import"})
    assert refused.status_code == 400 and "抓取文件已经删除" in refused.content.decode()
