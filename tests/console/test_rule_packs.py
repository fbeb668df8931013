"""Rule packs as operators and supervisors read them."""

import pytest

from govplatform.rule_packs import views
from govplatform.tenancy.models import Tenant
from tests.rule_packs.stated import state_packs

from .test_chinese import visible_words

PACKS = "/admin/rule-packs/"


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


@pytest.mark.parametrize("who", ["operator", "supervisor"])
def test_the_list_leads_to_each_pack(db, console, who):
    client = console(who, "console")
    assert PACKS in text(client.get("/admin/"))
    html = text(client.get(PACKS))
    for words in ("国家规则", "河北规则", "江苏规则", "项依据待核", f"{PACKS}jiangsu/"):
        assert words in html
    assert visible_words(html) == []


def test_a_pack_is_shown_with_limits_checklists_masks_and_sites(db, console):
    Tenant.objects.filter(code="beta").update(rule_pack="hebei")
    html = text(console("operator", "console").get(f"{PACKS}hebei/"))
    for words in ("1 个工作日", "24 小时", "《河北省政府网站管理办法》第二十条", "24:00", "待核", "手机号码",
                  "《中华人民共和国民法典》第二百零一条", "审查要点：保密审查", "栏目类别：政策文件",
                  "澄州市白石县人民政府"):  # fmt: skip
        assert words in html
    assert "云江省澄州市人民政府" not in html, "a site of another pack"
    assert visible_words(html) == []


def test_many_sites_are_counted_and_not_all_listed(db, console, monkeypatch):
    monkeypatch.setattr(views, "SHOWN_SITES", 1)
    html = text(console("operator", "console").get(f"{PACKS}national/"))
    assert "共 2 个，列出前 1 个" in html
    assert "澄州市白石县人民政府" not in html


def test_a_faulty_pack_says_why_and_the_others_stay_readable(db, console, settings, tmp_path):
    state_packs(settings, tmp_path, odd="colour = 1\n")
    client = console("operator", "console")
    assert "1 处有误，不能使用" in text(client.get(PACKS))
    assert "odd.toml：colour：没有这一项" in text(client.get(f"{PACKS}odd/"))
    assert "国家规则" in text(client.get(f"{PACKS}national/"))
    form = text(client.get("/admin/fleet/new/"))
    assert "河北规则" in form
    assert "试验规则" not in form, "a site cannot be given a pack that does not load"


def test_sites_whose_pack_is_gone_are_named(db, console):
    client = console("operator", "console")
    assert "规则包不存在或有误" not in text(client.get(PACKS))
    Tenant.objects.filter(code="beta").update(rule_pack="atlantis")
    html = text(client.get(PACKS))
    assert html.index("规则包不存在或有误") < html.index("澄州市白石县人民政府")


def test_an_unknown_pack_is_not_found(db, console):
    client = console("operator", "console")
    for code in ("atlantis", "..", "%2e%2e"):
        assert client.get(f"{PACKS}{code}/").status_code == 404


@pytest.mark.parametrize(
    ("who", "site"),
    [("alpha_admin", "alpha"), ("alpha_content", "alpha"), ("alpha_auditor", "alpha"), ("operator", "alpha")],
)
def test_nobody_else_reads_them(alpha, console, who, site):
    if who == "operator":
        # An operator has no role on a site, so no console there to read it in.
        with pytest.raises(AssertionError):
            text(console(who, "console").get(PACKS, HTTP_HOST="alpha.console.localhost"))
        return
    client = console(who, site)
    for address in (PACKS, f"{PACKS}national/"):
        assert client.get(address).status_code in (302, 403)
    assert PACKS not in text(client.get("/admin/"))
