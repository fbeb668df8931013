"""The act and the verb that change a site: which way each field goes, who may, and what the record says."""

import json

import pytest
from django_tenants.utils import tenant_context

from govplatform.audit.models import Entry
from govplatform.lifecycle.site_record import SITE_RECORD
from govplatform.refusals import Refused
from govplatform.review.frame.actions import confirm_words
from govplatform.review.frame.places import records_of
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.columns.models import Column
from sites.home.models import HomePage
from sites.managing.actions import change_site
from sites.managing.fields import sort_out
from tests import factories
from tests.review.frame.frame_cases import confirm
from tests.verbs import call_verb


def change(who, site="alpha", **more):
    """``change("alpha_admin", **{"theme": "county"})``."""
    return change_site(get_tenant(site), sort_out(more), acting_user=factories.user(who) if who else None)


def last(act):
    return Entry.objects.filter(act=act).order_by("-pk").first()


def slugs():
    return [column.slug for column in Column.objects.child_of(HomePage.objects.get()).order_by("path")]


# --- which way a field goes ---------------------------------------------------------------


def test_look_and_colours_change_at_once_and_are_recorded(alpha, citizen):
    assert change("alpha_admin", theme="county", colours="teal") == []
    entry = last("site.change")
    assert entry.chain == alpha.schema_name and entry.actor_name
    assert entry.detail == {
        "before": {"theme": "portal", "colours": ""},
        "after": {"theme": "county", "colours": "teal"},
    }
    shown = citizen("alpha").get("/").content.decode()
    assert 'data-colours="teal"' in shown and "palettes/colours" in shown and "county/site" in shown


def test_a_site_that_chose_no_colours_asks_for_no_sheet_of_them(alpha, citizen):
    shown = citizen("alpha").get("/").content.decode()
    assert "data-colours" not in shown and "palettes" not in shown


@pytest.mark.parametrize("name", ["full_name", "organiser", "contact", "responsible_person", "identity_code"])
def test_basic_facts_are_filed(alpha, name):
    value = "5301000009" if name == "identity_code" else "另一个名称"
    with pytest.raises(Refused, match="变更申请") as refused:
        change("alpha_admin", **{name: value})
    assert str(Tenant._meta.get_field(name).verbose_name) in refused.value.reasons[0]
    assert getattr(get_tenant("alpha"), name) != value


def test_what_is_said_of_the_site_already_is_no_change(alpha):
    assert change("alpha_admin", full_name=alpha.full_name, theme=alpha.theme) == []


def test_numbers_of_the_footer_wait_for_the_platform(alpha, citizen):
    (waits,) = change("alpha_admin", icp_number="云ICP备12345678号")
    assert "12345678" not in citizen("alpha").get("/").content.decode()
    with records_of(SITE_RECORD):
        confirm_words(waits, acting_user=factories.user("supervisor"), digest=waits.digest, opinion="属实。")
    assert "云ICP备12345678号" in citizen("alpha").get("/").content.decode()
    entry = last("frame.confirm")
    assert entry.detail["before"] == {"icp_number": "云ICP备00000000号-1"}
    assert entry.detail["after"] == {"icp_number": "云ICP备12345678号"}


def test_level_and_superior_site_are_the_operators(alpha):
    with pytest.raises(Refused, match="平台运维人员"):
        change("alpha_admin", level="province")
    with pytest.raises(Refused, match="平台运维人员"):
        change("beta_admin", "beta", parent="")
    change("operator", "beta", parent="", level="city")
    assert (get_tenant("beta").parent, get_tenant("beta").level) == (None, "city")
    assert last("site.change").detail["before"] == {"level": "county", "parent": "alpha"}


@pytest.mark.parametrize(
    ("site", "given", "word"),
    [
        ("alpha", {"parent": "beta"}, "下级"),
        ("alpha", {"parent": "alpha"}, "下级"),
        ("alpha", {"parent": "console"}, "监管控制台"),
        ("alpha", {"parent": "nowhere"}, "不存在"),
        ("alpha", {"theme": "glitter"}, "可用：base、portal、county"),
        ("alpha", {"colours": "#ff0000"}, "可用：blue"),
        ("alpha", {"level": "village"}, "层级"),
        ("alpha", {"nothing": "x"}, "没有“nothing”"),
        ("alpha", {"column.news.slug": "x"}, "没有“column.news.slug”"),
        ("alpha", {"column.nowhere.title": "x"}, "nowhere"),
        ("alpha", {"column.news.column_type": "杂项"}, "栏目类别"),
        ("alpha", {"column.news.list_template": "墙"}, "列表样式"),
        ("alpha", {"column.news.show_in_menus": "也许"}, "“是”或“否”"),
        ("alpha", {"column.news.update_limit_days": "两周"}, "天数"),
        ("alpha", {"column.order": "news"}, "刚有增减"),
        ("alpha", {"column.order": "news,nowhere"}, "nowhere"),
        ("alpha", {"home.sections": "headline,headline"}, "只能出现一次"),
        ("alpha", {"home.sections": "wall"}, "没有“wall”"),
        ("alpha", {"home.sections": "policies:wall"}, "政策与解读"),
        ("alpha", {"home.links": "[{"}, "JSON"),
        ("alpha", {"home.links": '["x"]'}, "每行写明"),
        ("alpha", {"home.links": '[{"group": "上级", "title": "省政府", "url": "javascript:x"}]'}, "第 1 行"),
        ("alpha", {"home.links": '[{"group": "上级", "title": "省政府", "url": "//x.example/"}]'}, "链接地址"),
        ("alpha", {"home.notices": '[{"title": "维护"}]'}, "显示到哪一天"),
        ("alpha", {"home.notices": '[{"title": "维护", "until": "2020-01-01"}]'}, "已经过去"),
        ("alpha", {"home.notices": '[{"title": "维护", "until": "明天"}]'}, "不是日期"),
        ("alpha", {"home.notices": '[{"title": "维护", "colour": "红"}]'}, "没有“colour”"),
        ("alpha", {"home.logo": '[{"image": 99999, "alt": "标识"}]'}, "没有编号为 99999 的图片"),
        ("alpha", {"home.logo": '[{"image": "x", "alt": "标识"}]'}, "没有编号为 x 的图片"),
        ("alpha", {"home.floating": '[{"title": "机密★10年", "until": "2099-01-01"}]'}, "浮动提示"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name_with_the_way_out(alpha, site, given, word):
    with pytest.raises(Refused) as refused:
        change("operator", site, **given)
    assert any(word in reason for reason in refused.value.reasons), refused.value.reasons
    assert not Entry.objects.filter(act__in=("site.change", "column.change", "home.change", "frame.propose")).exists()


def test_one_fault_keeps_everything_as_it_was_and_all_faults_are_told(alpha):
    with pytest.raises(Refused) as refused:
        change(
            "alpha_admin", theme="county", level="province", **{"column.news.title": "机密★10年", "home.sections": "x"}
        )
    told = " ".join(refused.value.reasons)
    assert all(word in told for word in ("层级", "栏目名称" if "栏目名称" in told else "标题", "没有“x”"))
    assert get_tenant("alpha").theme == "portal"
    assert not Entry.objects.filter(act="site.change").exists()


# --- who may ------------------------------------------------------------------------------

EVERYTHING = {"theme": "county", "column.news.responsible_unit": "办公室", "home.sections": "headline"}


@pytest.mark.parametrize("who", ["alpha_editor", "beta_admin", "alpha_content", "supervisor", "outsider"])
@pytest.mark.parametrize("name", [*EVERYTHING, "icp_number"])
def test_nobody_else_changes_a_site(alpha, who, name):
    with pytest.raises(Refused, match="站点管理员或平台运维人员"):
        change(who, **{name: EVERYTHING.get(name, "云ICP备9号")})
    assert not Entry.objects.filter(act__in=("site.change", "column.change", "home.change", "frame.propose")).exists()


@pytest.mark.parametrize("who", ["alpha_admin", "operator"])
def test_administrator_and_operator_change_it(alpha, who):
    change(who, **EVERYTHING)
    assert factories.column().responsible_unit == "办公室"
    assert HomePage.objects.get().sections == ["headline"]


def test_a_frozen_site_is_not_changed(alpha):
    Tenant.objects.filter(pk=alpha.pk).update(frozen=True, frozen_into="某某市人民政府")
    with pytest.raises(Refused):
        change("alpha_admin", theme="county")
    assert get_tenant("alpha").theme == "portal"


# --- columns ------------------------------------------------------------------------------


def test_columns_are_put_in_order_with_what_was_before(alpha, citizen):
    before = slugs()
    wanted = [before[-1], *before[:-1]]
    change("alpha_admin", **{"column.order": ",".join(wanted)})
    assert slugs() == wanted
    titles = dict(Column.objects.values_list("slug", "title"))
    assert last("column.arrange").detail == {
        "before": [titles[slug] for slug in before], "after": [titles[slug] for slug in wanted],
    }  # fmt: skip
    shown = citizen("alpha").get("/").content.decode()
    assert shown.index(titles[wanted[0]]) < shown.index(titles[wanted[1]])


def test_any_order_can_be_had_and_only_what_must_is_moved(alpha, django_assert_num_queries):
    begun = slugs()
    for wanted in (list(reversed(begun)), [*begun[2:], *begun[:2]], begun, begun):
        change("alpha_admin", **{"column.order": ",".join(wanted)})
        assert slugs() == wanted
    assert Entry.objects.filter(act="column.arrange").count() == 3
    one_moved = [*begun[1:4], begun[0], *begun[4:]]
    change("alpha_admin", **{"column.order": ",".join(one_moved)})
    assert Entry.objects.filter(act="console.reorder").order_by("-pk").count() and slugs() == one_moved


def test_pages_of_a_moved_column_stay_where_they_are_for_citizens(alpha, citizen):
    article = factories.live_article()
    order = slugs()
    change("alpha_admin", **{"column.order": ",".join([*order[1:], order[0]])})
    assert citizen("alpha").get(f"/news/{article.slug}/").status_code == 200
    article.refresh_from_db()
    assert article.live and article.path.startswith(factories.column().path)


def test_words_of_a_column_wait_and_the_rest_does_not(alpha, citizen):
    (waits,) = change("alpha_admin", **{"column.news.title": "要闻", "column.news.update_duty": "每日更新"})
    column = factories.column()
    assert (column.title, column.update_duty) == ("工作动态", "daily")
    assert last("column.change").detail == {"before": {"update_duty": "periodic"}, "after": {"update_duty": "daily"}}
    confirm(waits)
    assert "要闻" in citizen("alpha").get("/news/").content.decode()


def test_what_changed_at_once_is_what_the_editor_begins_with(alpha):
    """The editor opens the newest version: an older one would bring the old form back with the next save."""
    column = factories.column()
    column.save_revision(clean=False)
    change("alpha_admin", **{"column.news.list_template": "pictures"})
    assert factories.column().get_latest_revision_as_object().list_template == "pictures"


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        ("", "title-list"), ("summaries", "summary-list"), ("pictures", "picture-list"), ("people", "people-list"),
        ("institutions", "institution-list"), ("catalogue", "catalogue"),
    ],
)  # fmt: skip
def test_each_form_of_a_list_shows_the_same_pages(alpha, citizen, form, sign):
    factories.live_article(title="城乡供水改造完工", summary="惠及三万人。", picture=factories.image())
    factories.live_article(title="没有图片的信息")
    change("alpha_admin", **{"column.news.list_template": form})
    shown = citizen("alpha").get("/news/").content.decode()
    assert f'class="{sign}"' in shown and "城乡供水改造完工" in shown and "没有图片的信息" in shown
    assert ("惠及三万人" in shown) is (form in ("summaries", "people", "institutions", "catalogue"))
    assert ("<img" in shown) is (form in ("pictures", "people"))


def test_a_hidden_column_is_in_no_menu_and_still_answers(alpha, citizen):
    change("alpha_admin", **{"column.news.show_in_menus": "否"})
    assert 'href="/news/"' not in citizen("alpha").get("/").content.decode().split("</nav>")[0]
    assert citizen("alpha").get("/news/").status_code == 200


# --- the verb -----------------------------------------------------------------------------


def test_the_verb_says_what_waits_and_the_shell_s_words_do_not(alpha):
    done = call_verb("change_site", "alpha", "--set", "column.news.title=要闻", "--as", "alpha_admin", "--json")
    (waits,) = json.loads(done.stdout)["waits"]
    assert (waits["kind"], waits["fields"]) == ("栏目", ["title"])
    with tenant_context(alpha):
        assert factories.column().title == "工作动态"
    done = call_verb("change_site", "alpha", "--set", "column.notices.title=公告", "--set", "colours=red", "--json")
    assert json.loads(done.stdout) == {"site": "alpha", "waits": []}
    assert Column.objects.get(slug="notices").title == "公告" and get_tenant("alpha").colours == "red"


def test_the_verb_refuses_in_words(alpha):
    for words, word in (
        (["--set", "theme"], "项目=内容"), ([], "请写明要改的项目"), (["--set", "theme=x"], "可用"),
        (["--set", "organiser=某办", "--as", "alpha_admin"], "变更申请"),
    ):  # fmt: skip
        done = call_verb("change_site", "alpha", *words, "--json")
        assert done.returncode == 3
        assert word in json.loads(done.stdout)["refused"][0]
