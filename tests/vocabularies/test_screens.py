"""The screens: managed in the supervisor's console, read in every other, and the page form."""

import io

import pytest
from django_tenants.utils import tenant_context

from content_library.models import Resource
from content_library.vocabularies.actions import merge_terms, retire_term
from content_library.vocabularies.models import Reclassification
from content_library.vocabularies.queries import get_term, resolve_code, terms_of
from tests.factories import draft_policy, live_article
from tests.review.frame.frame_cases import confirm, waiting

HOME = "/admin/vocabularies/"
TERM = f"{HOME}subject/term/0203/"


@pytest.mark.parametrize(
    ("who", "site"), [("alpha_editor", "alpha"), ("alpha_content", "alpha"), ("operator", "console")]
)
def test_everybody_reads(console, who, site):
    client = console(who, site)
    assert "主题分类" in client.get(HOME).content.decode()
    found = client.get(f"{HOME}subject/", {"q": "一网通办"}).content.decode()
    assert "数字政府" in found and "海关和口岸" not in found
    assert "没有与“无此词”相符" in client.get(f"{HOME}subject/", {"q": "无此词"}).content.decode()
    assert client.get(TERM).status_code == 200
    export = client.get(f"{HOME}subject/export/")
    assert export["Content-Type"].startswith("text/csv")
    assert client.get(f"{HOME}nothing/").status_code == client.get(f"{HOME}subject/term/9999/").status_code == 404


@pytest.mark.parametrize("path", ["", "shift/", "retire/", "merge/", "reclassify/"])
def test_editors_change_nothing(console, path):
    client = console("alpha_editor", "alpha")
    response = client.post(f"{TERM}{path}", {"label": "改", "target": "0201", "reason": "x", "confirm": "1"})
    assert response.status_code in (302, 403)
    term = get_term("subject", "0203")
    assert (term.label, term.is_active) == ("文秘工作", True)


def test_the_operator_adds_edits_orders_and_retires(console):
    client = console("operator", "console")
    client.post(f"{HOME}subject/add/", {"label": "新类", "parent": "02", "aliases": "甲词、乙词"})
    made = next(row for row in terms_of("subject").values() if row.label == "新类")
    assert (made.parent, made.aliases) == ("02", ("甲词", "乙词"))
    assert "新词条待确认" in client.get(f"{HOME}subject/").content.decode()
    assert client.post(f"{HOME}subject/add/", {"label": "新类", "parent": "02"}).status_code == 400
    client.post(TERM, {"label": "文书工作", "parent": "02", "aliases": "公文", "note": ""})
    assert terms_of("subject")["0203"].label == "文秘工作"
    confirm(waiting(get_term("subject", "0203")), "supervisor")
    assert terms_of("subject")["0203"].label == "文书工作"
    client.post(f"{TERM}shift/", {"way": "up"})
    assert terms_of("subject")["0203"].order < terms_of("subject")["0202"].order
    assert "理由" in client.post(f"{TERM}retire/", {}).content.decode()
    client.post(f"{TERM}retire/", {"reason": "不用了"})
    assert not terms_of("subject")["0203"].active
    client.post(f"{TERM}retire/", {})
    assert terms_of("subject")["0203"].active
    assert "名称“文秘工作”改为“文书工作”" in client.get(TERM).content.decode()


def test_merging_shows_what_it_means_first(console):
    client = console("supervisor", "console")
    asked = {"target": "0201", "reason": "职责调整"}
    shown = client.post(f"{TERM}merge/", asked).content.decode()
    assert "合并不能撤销" in shown
    assert resolve_code("subject", "0203") == "0203"
    client.post(f"{TERM}merge/", {**asked, "confirm": "1"})
    assert resolve_code("subject", "0203") == "0201"
    assert client.post(f"{HOME}subject/term/0204/merge/", {"target": "0204", "reason": "x"}).status_code == 400


def test_a_change_of_class_is_previewed_started_and_watched(console, site):
    with tenant_context(site("alpha")):
        page = live_article("alpha", subject_class="0203")
    client = console("operator", "console")
    asked = {"target": "0201", "reason": "调整", "site": ""}
    shown = client.post(f"{TERM}reclassify/", asked).content.decode()
    assert "共有 1 条资源" in shown and page.title in shown
    response = client.post(f"{TERM}reclassify/", {**asked, "confirm": "1"})
    order = Reclassification.objects.get()
    assert response["Location"].endswith(f"/{order.pk}/")
    news = client.get(response["Location"], headers={"accept": "application/json"}).json()
    assert (news["total"], news["running"]) == (1, True)
    assert Resource.objects.get().subject_class == "0203"


def test_a_file_is_previewed_before_it_is_taken(console):
    client = console("operator", "console")
    file = io.BytesIO("code,label\r\nodd,奇文\r\n".encode("gb18030"))
    file.name = "terms.csv"
    shown = client.post(f"{HOME}kind/import/", {"file": file}).content.decode()
    assert "确认导入" in shown and "odd" not in terms_of("kind")
    client.post(f"{HOME}kind/import/", {"text": "code,label\r\nodd,奇文\r\n", "confirm": "1"})
    assert terms_of("kind")["odd"].label == "奇文"


def test_terms_are_suggested_to_those_of_the_site(console):
    asked = {"vocabulary": "subject", "title": "关于高校毕业生就业的通知", "text": ""}
    terms = console("alpha_editor", "alpha").post(f"{HOME}suggest/", asked).json()["terms"]
    assert (terms[0]["code"], terms[0]["label"]) == ("1501", "劳动、人事、监察／就业创业")
    assert console("outsider", "alpha").post(f"{HOME}suggest/", asked).status_code in (302, 403)


def test_the_page_form_offers_managed_terms(alpha, console, person):
    page = draft_policy(subject_class="0203", document_kind="notice")
    client = console("alpha_editor", "alpha")
    retire_term(get_term("subject", "0203"), acting_user=person("operator"))
    retire_term(get_term("subject", "0204"), acting_user=person("operator"))
    shown = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "文秘工作（已停用）" in shown and 'value="0204"' not in shown
    assert 'value="regulation"' in shown and "按内容推荐" not in shown.split("data-term-select", 1)[0]


def test_a_page_shows_the_managed_label_of_a_merged_code(alpha, citizen, person):
    page = live_article("alpha", subject_class="0203")
    merge_terms(get_term("subject", "0203"), get_term("subject", "0201"), acting_user=person("operator"))
    page.refresh_from_db()
    assert page.get_subject_class_display() == page.metadata_values()["subject_class"] == "综合政务／政务公开"
    assert page.metadata_values()["disclosure"] == "主动公开"


def test_related_pages_meet_through_a_merged_class(alpha, person):
    from sites.pages.related import related_items

    old, new = live_article("alpha", subject_class="0203"), live_article("alpha", subject_class="0201")
    assert related_items(new) == []
    merge_terms(get_term("subject", "0203"), get_term("subject", "0201"), acting_user=person("operator"))
    assert [item["title"] for item in related_items(new)] == [old.title]
