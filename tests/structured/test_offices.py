"""领导之窗 and 机构职能: written in the console, reviewed, listed in the order that is wanted, found."""

import json
import re

from content_library.models import Resource
from govplatform.review.gate.scans import scan_now
from govplatform.review.queries import site_path
from search.indexing.actions import index_resources
from search.queries import search
from sites.columns.actions import create_column
from sites.columns.models import Column
from sites.offices.models import Institution, Leader
from tests import factories
from tests.console.test_document_through_the_console import all_checks, decide
from tests.structured.samples import draft, live


def rich(text):
    """What the editor of rich text sends for one paragraph."""
    block = {"key": "aaaaa", "text": text, "type": "unstyled", "depth": 0}
    return json.dumps({"blocks": [{**block, "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}})


def sent_with(client, address, **fields):
    html = client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    counted = {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    usual = {"slug": "", "source": "市政府办公室", "disclosure": "proactive", "body-count": "0"}
    return html, {**hidden, **counted, "comments-MAX_NUM_FORMS": "", **usual, **fields}


def test_a_leader_is_written_in_a_form_of_its_own_reviewed_and_shown(alpha, console, citizen):
    editor = console("alpha_editor", "alpha")
    column = factories.column("leaders")
    html, form = sent_with(
        editor, address := f"/admin/pages/add/offices/leader/{column.pk}/",
        title="黎江澄", post="市人民政府市长", list_order="1", summary="领导市政府全面工作。",
        duties=rich("领导市人民政府全面工作。"), biography=rich("曾任水利枢纽管理处主任。"),
    )  # fmt: skip
    for words in ("姓名", "职务", "照片", "工作分工", "个人简历", "排序"):
        assert words in html
    assert 'name="author"' not in html
    response = editor.post(address, {**form, "action-submit": "1"})
    page = Leader.objects.get()
    assert response.headers["Location"] == f"/admin/review/{page.pk}/"
    scan_now(page, acting_user=None)
    for who in ("alpha_content", "alpha_secret"):
        client = console(who, "alpha")
        screen = client.get(f"/admin/review/{page.pk}/").content.decode()
        assert "领导市人民政府全面工作" in screen
        assert decide(client, page, "approve", checked=all_checks(client, page)).status_code == 302
    page.refresh_from_db()
    assert page.live
    shown = citizen("alpha").get(site_path(page)).content.decode()
    assert re.search(r"<h1>黎江澄</h1>\s*<p class=\"leader-post\">市人民政府市长</p>", shown)
    assert shown.index("工作分工") < shown.index("个人简历")
    index_resources(Resource.objects.values_list("pk", flat=True))
    [hit] = search("黎江澄").hits
    assert hit.kind == "leader"
    assert hit.url.endswith(site_path(page))


def test_leaders_stand_in_the_order_that_their_people_decide(alpha, citizen):
    live(Leader, title="温岳川", slug="second", list_order=2)
    live(Leader, title="黎江澄", slug="first", list_order=1)
    factories.live_article(column="leaders", title="分工调整的说明", slug="note")
    assert Column.objects.get(slug="leaders").list_template == "people"
    html = citizen("alpha").get("/leaders/").content.decode()
    assert html.index("黎江澄") < html.index("温岳川") < html.index("分工调整的说明")
    assert '<p class="card-post">市人民政府市长</p>' in html


def test_the_home_page_shows_the_leaders_of_its_own_organ(alpha, citizen):
    """Those of a county that was merged into the city stand below the channel of the county."""
    live(Leader, title="黎江澄", slug="mayor")
    create_column("of-county", title="负责人信息", column_type="leaders", acting_user=None)
    create_column("bodies-of-county", title="机构职能", column_type="institutions", acting_user=None)
    live(Leader, title="许松风", slug="of-county-head", column="of-county")
    live(Institution, title="县林业局", slug="of-county-body", column="bodies-of-county")
    html = citizen("alpha").get("/").content.decode()
    assert "黎江澄" in html and "许松风" not in html and "县林业局" not in html


def test_a_portrait_is_named_by_the_words_that_were_reviewed(alpha, citizen):
    picture = factories.image("没有审过的图片说明", uploader="alpha_editor")
    page = live(Leader, picture=picture)
    for address in (site_path(page), "/leaders/"):
        html = citizen("alpha").get(address).content.decode()
        assert 'alt="黎江澄照片"' in html
        assert "没有审过的图片说明" not in html


def test_an_institution_says_how_it_is_reached(alpha, citizen):
    page = live(Institution)
    shown, listed = (citizen("alpha").get(address).content.decode() for address in (site_path(page), "/institutions/"))
    for words in ("望江大道9号", '工作日 <span class="together">8:30—17:30</span>', "0000-0000415", "苗时雨"):
        assert words in shown
        assert words in listed
    assert "管理水资源和防汛抗旱" in shown
    index_resources(Resource.objects.values_list("pk", flat=True))
    assert [hit.kind for hit in search("水利局").hits] == ["institution"]


def test_a_map_is_shown_with_its_approval_number_or_not_at_all(alpha, citizen):
    picture = factories.image("街道图", uploader="alpha_editor")
    page = draft(Institution, map_picture=picture)
    assert [str(reason) for reason in page.reasons_against_submitting()] == ["位置地图没有审图号，请填写，或去掉地图。"]
    shown = factories.publish(draft(Institution, slug="with-map", map_picture=picture, map_number="云S(2026)001号"))
    html = citizen("alpha").get(site_path(shown)).content.decode()
    assert "审图号：云S(2026)001号" in html
    assert 'alt="市水利局位置地图：望江大道9号"' in html


def test_a_map_without_a_number_is_found_by_the_scan(alpha):
    page = draft(Institution, map_picture=factories.image("街道图"))
    assert {"is_map": True, "map_number": ""}.items() <= page.scan_facts()["pictures"][-1].items()
