"""What editors find in a console: two characters inside of a sentence, drafts, pictures, files; of their own site."""

import json

import pytest
from django_tenants.utils import tenant_context
from modelsearch import index
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry
from wagtail.search.query import Not, Or, Phrase, PlainText

from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from sites.media.models import SiteDocument, SiteImage
from tests import factories
from tests.layers import layered


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def body(text: str) -> list[dict[str, str]]:
    return [{"type": "rich_text", "value": f"<p>{text}</p>"}]


def entered(**fields):
    """A draft that the worker has entered in the console's search."""
    page = factories.draft_article(**fields)
    index.insert_or_update_object(page)
    return page


def found(question, model=Page, **how):
    return [item.title for item in get_search_backend().autocomplete(question, model, **how)]


@pytest.mark.parametrize("question", ["政府", "府工", "報告", "報告 政府", "２０２６", "市政府工作"])
def test_characters_inside_of_a_title_find_a_draft(alpha, question):
    entered(title="关于印发2026年市政府工作报告的通知")
    assert found(question) == ["关于印发2026年市政府工作报告的通知"]
    assert [page.title for page in Page.objects.search(question)] == ["关于印发2026年市政府工作报告的通知"]


def test_characters_inside_of_the_text_find_a_draft(alpha):
    entered(title="甲", body=body("请各单位遵照执行，老旧小区改造按期完成。"))
    assert found("小区") == ["甲"]
    assert found("旧小区改") == ["甲"]


def test_pairs_alone_do_not_make_a_word(alpha):
    entered(title="甲", body=body("小区很旧。旧小学。"))
    assert found("旧小区") == []


def test_the_newest_draft_of_a_live_page_is_found_and_so_is_what_is_live(alpha):
    page = factories.live_article(title="原来的标题", body=body("原来的正文"))
    page.title, page.body = "改过的标题", body("防汛预案")
    page.save_revision(user=factories.user("alpha_editor"))
    index.insert_or_update_object(Article.objects.get(pk=page.pk))
    for question in ("改过", "防汛", "原来的标", "原来的正"):
        assert found(question, Article.objects.filter(pk=page.pk)) == ["原来的标题"]


def test_titles_come_before_texts_and_the_newest_first(alpha):
    entered(title="防汛工作安排", body=body("甲"))
    entered(title="乙", body=body("防汛"))
    entered(title="夏季防汛", body=body("甲"))
    assert found("防汛") == ["防汛工作安排", "夏季防汛", "乙"]


def test_an_order_that_was_asked_for_is_kept_and_types_are_counted(alpha):
    entered(title="防汛乙")
    entered(title="防汛甲")
    policy = factories.draft_policy(title="防汛丙")
    index.insert_or_update_object(policy)
    ordered = Page.objects.order_by("title").autocomplete("防汛", order_by_relevance=False)
    assert [page.title for page in ordered] == sorted(["防汛乙", "防汛甲", "防汛丙"])
    facet = Page.objects.autocomplete("防汛").facet("content_type_id")
    assert facet == {page.content_type_id: count for page, count in ((policy, 1), (Article.objects.first(), 2))}
    assert ordered.count() == 3 and len(ordered[1:2]) == 1


def test_formulas_of_wagtails_mean_what_they_say(alpha):
    entered(title="防汛甲")
    entered(title="抗旱乙")
    assert set(found(Or([PlainText("防汛"), PlainText("抗旱")]))) == {"防汛甲", "抗旱乙"}
    assert found(PlainText("防汛 乙", operator="and")) == []
    assert set(found(PlainText("防汛 乙", operator="or"))) == {"防汛甲", "抗旱乙"}
    assert found(Not(PlainText("防汛")), Article) == ["抗旱乙"]
    assert found(Phrase("防 汛")) == ["防汛甲"]


@pytest.mark.parametrize(
    "typed", ["'", "\\", "!!", "坏:*", "a' | 'b", "%", "_", "(", "🙂", "\u202e", "。", "x" * 10_000]
)
def test_nothing_that_is_typed_is_an_operator(alpha, typed):
    entered(title="政府工作报告")
    assert found(typed) == []


def test_pictures_and_files_are_found_by_part_of_their_titles_descriptions_and_tags(alpha):
    picture = factories.image("春季植树现场照片")
    picture.description = "领导小组在河堤"
    picture.tags.add("绿化造林")
    index.insert_or_update_object(picture)
    document = factories.document(name="测试附件清单.txt")
    index.insert_or_update_object(document)
    for question in ("植树", "河堤", "造林"):
        assert found(question, SiteImage) == ["春季植树现场照片"]
    assert found("附件", SiteDocument) == [document.title]


def test_another_sites_draft_is_found_by_no_search_and_no_filter(db, console):
    with tenant_context(get_tenant("beta")):
        page = entered(editor="beta_editor", title="乙站未公开草稿", body=body("机密安排"))
    with tenant_context(get_tenant("alpha")):
        assert found("草稿") == found("安排") == []
    client = console("alpha_editor", "alpha")
    for address in (
        "/admin/pages/search/?q=草稿",
        "/admin/pages/search/results/?q=未公开&ordering=title",
        "/admin/pages/search/?q=安排&content_type=articles.article",
        f"/admin/pages/search/?q=live:false+草稿&site=beta&pk={page.pk}",
        "/admin/choose-page/search/?q=草稿",
        "/admin/pages/?q=草稿",
        "/admin/api/main/pages/?search=草稿",
        "/admin/images/?q=草稿",
        "/admin/documents/?q=草稿",
    ):
        answer = client.get(address)
        assert answer.status_code in (200, 400, 404), address
        assert "乙站" not in answer.content.decode(), address
    assert "乙站未公开草稿" in console("beta_editor", "beta").get("/admin/pages/search/?q=草稿").content.decode()


def test_the_lists_and_choosers_of_the_console_find_two_characters(db, console):
    with tenant_context(get_tenant("alpha")):
        entered(title="关于老旧小区改造的通知")
        index.insert_or_update_object(factories.image("春季植树现场照片"))
        index.insert_or_update_object(factories.document(name="测试附件清单.txt"))
    client = console("alpha_editor", "alpha")
    for address, title in (
        ("/admin/pages/search/?q=小区", "关于老旧小区改造的通知"),
        ("/admin/choose-page/search/?q=小区", "关于老旧小区改造的通知"),
        ("/admin/images/?q=植树", "春季植树现场照片"),
        ("/admin/images/chooser/results/?q=植树", "春季植树现场照片"),
        ("/admin/documents/?q=附件", "测试附件清单"),
        ("/admin/documents/chooser/results/?q=附件", "测试附件清单"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200 and title in answer.content.decode(), address


@layered
def numbered() -> None:
    """Two policies with numbers, and an article that names one of them, as the console's search has them."""
    with tenant_context(get_tenant("alpha")):
        index.insert_or_update_object(
            factories.draft_policy(title="关于绿化的通知", document_number="澄政发〔2026〕37号")
        )
        index.insert_or_update_object(
            factories.draft_policy(title="关于防汛的通知", document_number="澄办发〔2026〕38号")
        )
        entered(title="说到澄政发〔2026〕37号的信息")


@pytest.mark.parametrize(
    "asked", ["〔2026〕37号", "澄政发[2026]37号", "澄政发（2026）37", "澄政发 2026年第37号", "2026年37号", "澄政发"]
)
def test_the_chooser_of_the_policy_finds_by_document_number(numbered, console, asked):
    client = console("alpha_editor", "alpha")
    sent = {"q": asked, "page_type": "policies.policydocument"}
    answer = client.get("/admin/choose-page/search/", sent).content.decode()
    assert "关于绿化的通知" in answer
    assert "关于防汛的通知" not in answer and "说到" not in answer


def test_saving_a_draft_enters_it_by_the_queue(db):
    from procrastinate.contrib.django.models import ProcrastinateJob

    from govplatform.tenancy.jobs import run_in_schema

    with tenant_context(get_tenant("alpha")):
        page = factories.draft_article(title="老旧小区改造")
    jobs = [job.args for job in ProcrastinateJob.objects.filter(status="todo").order_by("id")]
    for args in jobs:
        if args["task_path"] == "modelsearch.tasks.insert_or_update_object_task":
            run_in_schema(**args)
    with tenant_context(get_tenant("alpha")):
        assert found("小区") == ["老旧小区改造"]
        page.delete()
        assert found("小区") == []


def test_a_site_is_entered_anew_with_its_drafts(verb):
    with tenant_context(get_tenant("alpha")):
        page = factories.draft_article(title="老旧小区改造")
        IndexEntry.objects.all().delete()
        IndexEntry.objects.create(
            content_type=page.content_type, object_id="987654", title="", body="", autocomplete=""
        )
    told = verb("rebuild_console_search", "--site", "alpha", "--json")
    assert told.returncode == 0, told.stderr
    result = json.loads(told.stdout)
    assert result["sites"] == 1 and result["faults"] == []
    with tenant_context(get_tenant("alpha")):
        assert found("小区") == ["老旧小区改造"]
        assert IndexEntry.objects.count() == result["objects"]
        assert not IndexEntry.objects.filter(object_id="987654").exists()
