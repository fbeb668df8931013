"""A table of old addresses on the screen: each row's outcome is shown before anything is entered."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from govplatform.addresses.models import Address, AddressDraft
from govplatform.addresses.resolving import resolve_url
from govplatform.audit.models import Entry
from tests.verbs import call_verb

from .conftest import answer, old

OLD = "old.gov.cn"
IMPORT = "/admin/ledger/import/"
PREVIEW = f"{IMPORT}preview/"


@pytest.fixture
def browser(alpha, live, console):
    return console("operator", "console")


def upload(browser, *lines, host=OLD, site="alpha", head="原网址,现网址,标题,说明", **more):
    file = SimpleUploadedFile("旧网址.csv", "\n".join([head, *lines]).encode("gb18030"))
    return browser.post(IMPORT, {"file": file, "host": host, "site": site, **more})


def seal_of(html):
    return html.partition('name="seal" value="')[2].partition('"')[0]


def test_rows_are_shown_and_then_entered(browser, alpha):
    old(alpha, "/gzdt/2.htm", host=OLD, to_path="/news/second/")
    sent = upload(
        browser,
        f"http://{OLD}/gzdt/1.htm?from=home,/news/article/,旧的信息,",
        "/gzdt/2.htm,,,已过时",
    )
    assert sent.url == PREVIEW and Address.objects.filter(host=OLD).count() == 1
    html = browser.get(PREVIEW).content.decode()
    rows = html.partition("<tbody>")[2].split("</tr>")
    assert (
        "没有登记" in rows[0]
        and "http://alpha.localhost:8000/news/article/" in rows[0]
        and "成为 /gzdt/1.htm" in rows[0]
    )
    assert "/news/second/" in rows[1] and "已过时" in rows[1] and "410" in rows[1]
    assert browser.post(PREVIEW, {"seal": seal_of(html)}).status_code == 302
    assert resolve_url(f"http://{OLD}/gzdt/1.htm").location == "http://alpha.localhost:8000/news/article/"
    assert resolve_url(f"http://{OLD}/gzdt/2.htm").status == 410
    assert not AddressDraft.objects.exists()
    entry = Entry.objects.filter(act="ledger.import").latest("pk")
    assert entry.detail["entries"] == 2 and entry.actor_name.startswith("平台运维")
    assert browser.get(PREVIEW).url == IMPORT
    assert browser.post(PREVIEW, {"seal": "x"}).url == IMPORT


def test_one_bad_row_keeps_all_out(browser, alpha):
    upload(browser, "/good.htm,/news/article/,,", "/bad.htm,/nothing/,,", "/evil.htm,https://evil.example/,,")
    html = browser.get(PREVIEW).content.decode()
    assert "有误的行改正之前，一行也不导入" in html and seal_of(html) == ""
    assert "不是“云江省澄州市人民政府”现在公开的网址" in html and "不在本平台登记" in html
    only = browser.get(PREVIEW, {"show": "faults"}).content.decode()
    assert "/bad.htm" in only and "/good.htm" not in only
    assert browser.post(PREVIEW, {"seal": ""}).status_code == 400
    assert not Address.objects.filter(host=OLD).exists()


def test_what_has_changed_meanwhile_is_shown_again(browser, alpha):
    upload(browser, "/1.htm,/moved.htm,,")
    old(alpha, "/moved.htm", to_path="/news/article/")
    upload(browser, "/1.htm,/moved.htm,,")
    html = browser.get(PREVIEW).content.decode()
    Address.objects.filter(tenant=alpha, path="/moved.htm").update(to_path="/news/second/")
    late = browser.post(PREVIEW, {"seal": seal_of(html)})
    assert late.status_code == 400 and "请再看一遍后确认" in late.content.decode()
    assert browser.post(PREVIEW, {"seal": seal_of(late.content.decode())}).status_code == 302
    assert resolve_url(f"http://{OLD}/1.htm").location.endswith("/news/second/")


def test_an_old_host_has_addresses_of_its_own(browser, alpha):
    """Its ``/news/article/`` is another address than the one that is public on the site."""
    upload(browser, "/news/article/,/news/second/,,")
    assert browser.post(PREVIEW, {"seal": seal_of(browser.get(PREVIEW).content.decode())}).status_code == 302
    assert resolve_url(f"http://{OLD}/news/article/").location.endswith("/news/second/")
    assert answer("/news/article/")[0] == 200
    upload(browser, "/news/article/,/news/second/,,", host="alpha.localhost", site="")
    assert "现在就是公开的" in browser.get(PREVIEW).content.decode()


def test_what_cannot_be_read_is_said_on_the_form(browser):
    for sent, words in (
        (upload(browser, "/1.htm,/news/", head="甲,乙"), "表头须有"),
        (upload(browser), "没有一行网址"),
        (upload(browser, "/1.htm,/news/", host="nobody.gov.cn", site=""), "请选择由哪个站点答复"),
        (browser.post(IMPORT, {"host": OLD, "site": "alpha"}), "请选择文件"),
        (browser.post(IMPORT, {"host": OLD, "file": SimpleUploadedFile("x.doc", b"x"), "site": "alpha"}), "CSV"),
        (upload(browser, "/1.htm,/news/", site="nowhere"), "没有这个站点"),
    ):
        assert sent.status_code == 400 and words in sent.content.decode(), words
    assert not AddressDraft.objects.exists()


def test_a_table_waits_for_its_uploader_and_a_day(browser, alpha, console):
    upload(browser, "/1.htm,/news/article/,,")
    AddressDraft.objects.update(uploaded_at=timezone.now() - timedelta(days=1, minutes=1))
    assert browser.get(PREVIEW).url == IMPORT
    upload(browser, "/1.htm,/news/article/,,")
    assert AddressDraft.objects.count() == 1


def test_a_long_table_is_turned_page_by_page(browser):
    upload(browser, *(f"/{n}.htm,/news/article/,," for n in range(120)))
    html = browser.get(PREVIEW, {"page": "3"}).content.decode()
    assert "/119.htm" in html and "/1.htm<" not in html and "第 3 页，共 3 页" in html


def test_the_verb_says_what_each_row_would_do(alpha, live, tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("原网址,现网址\n/1.htm,/news/article/\n/2.htm,/nothing/\n", encoding="utf-8")
    done = call_verb(
        "ledger", "import", str(path), "--host", OLD, "--site", "alpha", "--dry-run", "--as", "operator", "--json"
    )
    rows = json.loads(done.stdout)["rows"]
    assert done.returncode == 1
    assert [(row["line"], row["now"]["status"], row["status"]) for row in rows] == [(2, 404, 301), (3, 404, None)]
    assert "现在公开的网址" in rows[1]["faults"][0]
    assert not Address.objects.filter(host=OLD).exists()
