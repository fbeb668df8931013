"""What operators do with the ledger: map addresses, import them, list hosts; from the shell and in the console."""

import json

import pytest
from django.core.management import CommandError, call_command

from govplatform.addresses.actions import import_addresses, list_host, map_address, set_host_rules, unlist_host
from govplatform.addresses.canonical import Rules
from govplatform.addresses.models import Address, ListedHost, UnknownPath
from govplatform.addresses.queries import known_addresses
from govplatform.addresses.resolving import resolve_url
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from tests import factories

from .conftest import answer, ask, old, retire


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def mapped(tenant, address, target, **more):
    return map_address(
        tenant, more.pop("host", ""), address, target=target, reason="旧站网址", acting_user=None, **more
    )


def test_an_unknown_path_is_mapped_and_leaves_the_work_list(alpha, live):
    ask("/gzdt/1.htm")
    mapped(alpha, "/gzdt/1.htm", "/news/article/")
    assert answer("/gzdt/1.htm") == (301, "/news/article/")
    assert not UnknownPath.objects.filter(tenant=alpha).exists()
    entry = Entry.objects.filter(act="ledger.map").latest("pk")
    assert entry.detail["path"] == "/gzdt/1.htm"
    assert entry.chain == alpha.schema_name


def test_a_mapping_leads_to_where_its_target_has_moved_already(alpha, live):
    mapped(alpha, "/a.htm", "/news/article/")
    mapped(alpha, "/b.htm", "/a.htm")
    assert Address.objects.get(tenant=alpha, path="/b.htm").to_path == "/news/article/"
    mapped(alpha, "/a.htm", "/news/second/")
    assert answer("/b.htm") == (301, "/news/article/")


def test_what_a_closed_site_had_public_is_led_elsewhere_for_a_reason(alpha, live):
    """The ledger alone answers there; a merge led it to the wrong place, or nowhere."""
    beta = Tenant.objects.get(code="beta")
    with pytest.raises(Refused, match="现在就是公开的网址"):
        mapped(beta, "/news/article/", "http://alpha.localhost:8000/news/second/")
    Tenant.objects.filter(pk=beta.pk).update(moved_into=alpha)
    with pytest.raises(Refused, match="确认并入之后才能更改"):
        mapped(Tenant.objects.get(pk=beta.pk), "/news/article/", "http://alpha.localhost:8000/news/second/")
    beta = retire("beta")
    assert answer("/news/article/", "beta") == (410, "")
    mapped(beta, "/news/article/", "http://alpha.localhost:8000/news/second/")
    assert answer("/news/article/", "beta") == (301, "http://alpha.localhost:8000/news/second/")
    # It stays known as what was public: the archive of the site has to hold it.
    assert "/news/article/" in {one.path for one in known_addresses(beta)}
    assert Entry.objects.filter(act="ledger.map").latest("pk").detail["site"] == "alpha"


def test_a_mapping_to_another_site_of_the_platform(alpha, live):
    mapped(alpha, "/a.htm", "http://beta.localhost:8000/news/article/")
    assert answer("/a.htm") == (301, "http://beta.localhost:8000/news/article/")
    Tenant.objects.filter(code="beta").update(status="retired")
    assert answer("/a.htm")[0] == 410


@pytest.mark.parametrize(
    ("address", "target", "words"),
    [
        ("/x", "/nothing/", "不是“云江省澄州市人民政府”现在公开的网址"),
        ("/x", "//evil.example/", "不是网址"),
        ("/x", "/\\evil.example/", "不是网址"),
        ("/x", "https:evil.example", "不是网址"),
        ("/x", "javascript:alert(1)", "不是网址"),
        ("/x", "https://evil.example/", "不在本平台登记"),
        ("/x", "https://alpha.localhost@evil.example/", "不是网址"),
        ("/x", "/x", "现在公开的网址"),
        ("/news/article/", "/news/second/", "现在就是公开的网址"),
        ("news", "/news/second/", "不是网址"),
        ("/a\x00b", "/news/second/", "不是网址"),
        ("/../x", "/news/second/", "不是网址"),
    ],
)
def test_what_may_not_be_mapped(alpha, live, address, target, words):
    with pytest.raises(Refused, match=words):
        mapped(alpha, address, target)


def test_a_listed_host_is_led_to_by_a_rebuilt_address(alpha):
    listed = list_host("New.Example.gov.cn", reason="迁至省级平台", acting_user=None)
    mapped(alpha, "/x", "https://new.example.gov.cn:8443/通知/?id=1")
    assert answer("/x") == (301, "https://new.example.gov.cn:8443/%E9%80%9A%E7%9F%A5/?id=1")
    unlist_host(listed, reason="对方已关停", acting_user=None)
    assert answer("/x")[0] == 410
    with pytest.raises(Refused, match="是本平台的域名"):
        list_host("alpha.localhost", reason="多余", acting_user=None)


def test_a_withdrawn_address_that_is_mapped_does_not_tell_its_title(alpha, live):
    from govplatform.review.submission.actions import withdraw_page

    withdraw_page(live("second"), acting_user=factories.user("alpha_content"), reason="来源有误。")
    mapped(alpha, "/news/second/", "/news/article/")
    assert answer("/news/second/") == (301, "/news/article/")
    mapped(alpha, "/news/second/", "")
    assert Address.objects.get(tenant=alpha, path="/news/second/").ending == "withdrawn"
    assert "第二条信息" not in ask("/news/second/").content.decode()


def test_rules_of_a_host_give_its_addresses_new_keys(alpha, live):
    rules = Rules(fold_case=False, significant=("id",), charset="gbk")
    set_host_rules(alpha, "old.gov.cn", rules, reason="旧站按编号取文", acting_user=None)
    old(alpha, "/Show.jsp", host="old.gov.cn", to_path="/news/article/")
    assert resolve_url("http://old.gov.cn/Show.jsp?x=1").status == 301
    assert resolve_url("http://old.gov.cn/show.jsp").status == 404
    assert resolve_url("http://old.gov.cn/Show.jsp?id=7").status == 404
    set_host_rules(alpha, "old.gov.cn", Rules(), reason="不分大小写", acting_user=None)
    assert resolve_url("http://old.gov.cn/show.jsp?id=7").status == 301
    with pytest.raises(Refused, match="没有“utf-7”这种编码"):
        set_host_rules(alpha, "old.gov.cn", Rules(charset="utf-7"), reason="x", acting_user=None)


class TestConsole:
    """The operators' screens."""

    def test_an_address_is_found_with_its_answer(self, alpha, live, console):
        browser = console("operator", "console")
        for asked in ("http://alpha.localhost:8000/news/article/", "/news/article/", "普通信息"):
            html = browser.get("/admin/ledger/", {"q": asked}).content.decode()
            assert "/news/article/" in html
            assert "普通信息" in html
        html = browser.get("/admin/ledger/", {"q": "https://alpha.localhost/nothing"}).content.decode()
        assert "没有登记" in html

    def test_an_answer_is_changed_with_a_reason(self, alpha, live, console):
        old(alpha, "/old.htm", to_path="/news/article/")
        row = Address.objects.get(tenant=alpha, path="/old.htm")
        browser = console("operator", "console")
        assert "/news/article/" in browser.get(f"/admin/ledger/{row.pk}/").content.decode()
        refused = browser.post(f"/admin/ledger/{row.pk}/", {"target": "//evil.example/", "reason": "x"})
        assert "不是网址" in refused.content.decode()
        assert 'value="//evil.example/"' in refused.content.decode()
        done = browser.post(f"/admin/ledger/{row.pk}/", {"target": "/news/second/", "reason": "更正"})
        assert done.status_code == 302
        assert answer("/old.htm") == (301, "/news/second/")
        assert Entry.objects.filter(act="ledger.map").latest("pk").actor_name.startswith("平台运维")

    def test_what_is_public_has_no_form(self, alpha, live, console):
        row = Address.objects.get(tenant=alpha, path="/news/article/")
        html = console("operator", "console").get(f"/admin/ledger/{row.pk}/").content.decode()
        assert 'name="target"' not in html

    def test_one_click_maps_an_unknown_address(self, alpha, live, console):
        ask("/gzdt/article.html")
        browser = console("operator", "console")
        html = browser.get("/admin/ledger/unknown/").content.decode()
        assert "/gzdt/article.html" in html
        assert 'value="/news/article/"' in html
        row = UnknownPath.objects.get(path="/gzdt/article.html")
        browser.post("/admin/ledger/unknown/", {"id": row.pk, "target": "/news/article/", "act": "map"})
        assert answer("/gzdt/article.html") == (301, "/news/article/")
        browser.get("/admin/ledger/unknown/")  # says that it was done
        assert "/gzdt/article.html" not in browser.get("/admin/ledger/unknown/").content.decode()

    def test_an_address_is_left_off_the_list(self, alpha, console):
        ask("/wp-login.php")
        browser = console("operator", "console")
        row = UnknownPath.objects.get(path="/wp-login.php")
        browser.post("/admin/ledger/unknown/", {"id": row.pk, "act": "leave"})
        browser.get("/admin/ledger/unknown/")  # says that it was done
        assert "wp-login" not in browser.get("/admin/ledger/unknown/").content.decode()
        ask("/wp-login.php")
        row.refresh_from_db()
        assert (row.state, row.count) == ("left", 2)

    def test_hosts_are_listed_and_taken_off(self, alpha, console):
        browser = console("operator", "console")
        browser.post("/admin/ledger/hosts/", {"host": "new.example.gov.cn", "reason": "迁出"})
        assert "new.example.gov.cn" in browser.get("/admin/ledger/hosts/").content.decode()
        assert (
            "不合规则" in browser.post("/admin/ledger/hosts/", {"host": "https://x/", "reason": "x"}).content.decode()
        )
        listed = ListedHost.objects.get()
        browser.post("/admin/ledger/hosts/", {"id": listed.pk, "reason": "关停"})
        assert not ListedHost.objects.exists()

    def test_nobody_else_opens_the_screens(self, alpha, console):
        for name, place in (("supervisor", "console"), ("alpha_admin", "alpha"), ("alpha_editor", "alpha")):
            browser = console(name, place)
            for path in ("", "1/", "unknown/", "hosts/", "rules/", "rules/alpha/", "import/", "import/preview/"):
                assert browser.get(f"/admin/ledger/{path}").status_code in (403, 404), (name, path)


def table(tmp_path, *lines, encoding="utf-8"):
    path = tmp_path / "old.csv"
    path.write_bytes("\n".join(["原网址,现网址,标题,说明", *lines]).encode(encoding))
    return path


def test_a_table_of_old_addresses_is_taken_in_whole(alpha, live, tmp_path):
    path = table(
        tmp_path,
        "/gzdt/1.htm,/news/article/,旧的信息,",
        "http://old.gov.cn/gzdt/%CD%A8%D6%AA%B9%D8.htm,/news/second/,,",
        "/gzdt/3.htm,,旧的公告,内容已过时",
        encoding="gb18030",
    )
    report = import_addresses(alpha, "old.gov.cn", path, filename="old.csv", acting_user=None)
    assert (report.entries, list(report.faults)) == (3, [])
    assert Address.objects.filter(tenant=alpha, host="old.gov.cn").count() == 3


def test_faults_are_told_by_row_and_field_and_nothing_is_written(alpha, live, tmp_path):
    path = table(
        tmp_path,
        "/good.htm,/news/article/,,",
        "ftp://old.gov.cn/x,/news/article/,,",
        "/bad.htm,/nothing/,,",
        "/evil.htm,https://evil.example/,,",
        "/gone.htm,,,",
        "/good.htm,/news/second/,,",
        "http://other.gov.cn/x,/news/article/,,",
        "/news/article/,/news/second/,,",
    )
    before = Address.objects.count()
    report = import_addresses(alpha, "alpha.localhost", path, filename="old.csv", acting_user=None)
    assert report.entries == 0
    assert Address.objects.count() == before
    assert [(fault.line, fault.column) for fault in report.faults] == [
        (3, "原网址"), (4, "现网址"), (5, "现网址"), (6, "说明"), (7, "原网址"), (8, "原网址"), (9, "原网址"),
    ]  # fmt: skip


def test_people_without_the_role_are_refused(alpha, live, tmp_path):
    for name in ("outsider", "alpha_admin", "alpha_editor", "supervisor"):
        user = factories.user(name)
        with pytest.raises(Refused, match="平台运维"):
            map_address(alpha, "", "/x", target="/news/article/", reason="x", acting_user=user)
        with pytest.raises(Refused, match="平台运维"):
            import_addresses(alpha, "", table(tmp_path, "/x,/news/,,"), filename="old.csv", acting_user=user)
    map_address(alpha, "", "/x", target="/news/article/", reason="x", acting_user=factories.user("operator"))


def test_the_verbs(verb, live, tmp_path):
    path = table(tmp_path, "/gzdt/1.htm,/news/article/,,")
    done = verb("ledger", "import", str(path), "--host", "alpha.localhost", "--as", "operator", "--json")
    assert json.loads(done.stdout)["entries"] == 1, done.stderr
    done = verb("resolve", "http://alpha.localhost/gzdt/1.htm", "--json")
    assert json.loads(done.stdout) == {"status": 301, "location": "/news/article/", "reason": "已迁至新网址。"}
    wrong = verb("resolve", "alpha.localhost", "--json")
    assert (wrong.returncode, "不是完整的网址" in wrong.stderr) == (2, True)
    assert json.loads(verb("ledger", "backfill", "--json").stdout) == {"entries": 0, "failed": []}
    bad = verb("ledger", "import", str(table(tmp_path, "/y,/no/,,")), "--host", "alpha.localhost", "--as", "operator")
    assert bad.returncode == 3
    assert "第 2 行“现网址”" in bad.stdout
    strange = verb("ledger", "import", str(path), "--host", "nobody.gov.cn", "--as", "operator")
    assert strange.returncode == 2
    assert "没有登记域名" in strange.stderr


@pytest.mark.parametrize(
    ("host", "word"),
    [
        ("../x", "不合规则"),
        ("江州.gov.cn", "不合规则"),
        ("beta.localhost", "由该站答复"),
        ("alpha.console.localhost", "由平台自己使用"),
        ("localhost", "由平台自己使用"),
    ],
)
def test_old_addresses_of_a_host_that_the_platform_answers_otherwise_are_not_taken(alpha, tmp_path, host, word):
    with pytest.raises(Refused, match=word):
        import_addresses(alpha, host, table(tmp_path, "/x,/news/,,"), filename="old.csv", acting_user=None)


def test_an_argument_in_bytes_that_are_no_text_is_told_and_breaks_nothing(db):
    with pytest.raises(CommandError, match="UTF-8") as told:
        call_command("site_status", "\udcff")
    assert told.value.returncode == 2


def test_a_table_with_a_column_twice_is_not_guessed_at(alpha, tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("address,target,现网址\n/x,/,/news/\n", encoding="utf-8")
    with pytest.raises(Refused, match="重复的列：现网址"):
        import_addresses(alpha, "", path, filename="old.csv", acting_user=None)


def test_a_heading_that_is_written_wrongly_is_told_and_a_column_without_one_is_left(alpha, tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("address,target,reasn\n/x,/,搬家\n", encoding="utf-8")
    with pytest.raises(Refused, match="不认识的表头：reasn。可用的表头：原网址、现网址"):
        import_addresses(alpha, "", path, filename="old.csv", acting_user=None)
    path.write_text("address,target,\n/x,/,mine\n", encoding="utf-8")
    import_addresses(alpha, "", path, filename="old.csv", acting_user=None)
