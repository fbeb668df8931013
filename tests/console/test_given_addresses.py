"""Addresses that nobody types, and what a new page of a column begins with: through the forms that people send."""

import re

import pytest
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from sites.articles.models import Article
from sites.columns.actions import change_column, create_column
from sites.columns.models import Column
from sites.home.actions import choose_address_style
from sites.home.models import HomePage
from sites.pages.given_addresses import numbered_slug, slug_in_pinyin
from tests import factories
from tests.console.test_document_through_the_console import article_form
from tests.factories import column, user

DAILY = re.compile(r"\d{8}-\d{3}")


def new(client, slug="", *, in_column="news", **fields):
    """The draft that the editor's form makes of ``fields``."""
    address = f"/admin/pages/add/articles/article/{column(in_column).pk}/"
    before = set(Article.objects.values_list("pk", flat=True))
    response = client.post(address, article_form(client, address, slug=slug, **fields))
    assert response.status_code == 302, response.content.decode()
    return Article.objects.exclude(pk__in=before).get()


def change(client, page, **fields):
    """The page as it is stored after its form was sent with ``fields``."""
    address = f"/admin/pages/{page.pk}/edit/"
    response = client.post(address, article_form(client, address, **{"slug": page.slug, "title": page.title, **fields}))
    assert response.status_code == 302, response.content.decode()
    return Article.objects.get(pk=page.pk)


def by_pinyin():
    choose_address_style(HomePage.objects.get(), "pinyin", acting_user=user("alpha_admin"))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("北川县开展“AI+政务”培训，惠及500人", "bei-chuan-xian-kai-zhan-ai-zheng-wu-pei-xun-hui-ji-500-ren"),
        ("2026年第3期", "2026-nian-di-3-qi"),
        ("重庆银行行长", "chong-qing-yin-hang-hang-zhang"),
        ("Open Data 2026", ""),
        ("（还没有标题）", ""),
        ("——！", ""),
    ],
)
@pytest.mark.unit
def test_a_title_by_its_sounds(title, slug):
    assert slug_in_pinyin(title) == slug


@pytest.mark.unit
def test_a_long_title_ends_with_a_whole_syllable():
    spelled = slug_in_pinyin("关于进一步加强和规范全省农村集体资产监督管理工作的若干意见" * 5)
    assert len(spelled) <= 60
    assert spelled.startswith("guan-yu-jin-yi-bu")
    assert spelled.split("-")[-1] in slug_in_pinyin("关于进一步加强和规范全省农村集体资产监督").split("-")


def test_an_address_is_the_day_and_the_next_serial_of_the_whole_site(alpha, console):
    editor = console("alpha_editor", "alpha")
    first = new(editor, title="北川县开展… 惠及…")
    second = new(editor, title="北川县开展… 惠及…")
    other = new(editor, in_column="notices", title="2026年公告")
    assert DAILY.fullmatch(first.slug)
    numbers = [int(page.slug[-3:]) for page in (first, second, other)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    assert change(editor, first, title="另一个标题").slug == first.slug


def test_a_serial_goes_on_beyond_three_digits_and_heeds_no_other_address(alpha):
    from datetime import date

    day = date(2020, 1, 2)
    factories.draft_article(slug="20200102-999")
    factories.draft_article(slug="20200102-abc123")
    factories.draft_article(slug="20200102-12-copy")
    assert numbered_slug(day) == "20200102-1000"


def test_an_address_by_pinyin_follows_the_title_until_it_is_typed_or_public(alpha, console):
    by_pinyin()
    editor = console("alpha_editor", "alpha")
    page = new(editor, title="")
    assert DAILY.fullmatch(page.slug)
    page = change(editor, page, title="防汛演练")
    assert page.slug == "fang-xun-yan-lian"
    assert new(editor, title="防汛演练").slug == "fang-xun-yan-lian-2"
    page = change(editor, page, title="防汛演练通知")
    assert page.slug == "fang-xun-yan-lian-tong-zhi"
    page = change(editor, page, slug="flood-drill")
    assert change(editor, page, title="改了题目").slug == "flood-drill"
    live = factories.live_article(title="公开信息", slug="gong-kai-xin-xi")
    change(editor, live, title="公开信息目录")
    assert live.get_latest_revision_as_object().slug == "gong-kai-xin-xi"


def test_choosing_pinyin_leaves_what_there_is(alpha, console):
    editor = console("alpha_editor", "alpha")
    page = new(editor, title="先写的一篇")
    by_pinyin()
    assert change(editor, page, title="先写的一篇信息").slug == page.slug
    assert Entry.objects.filter(act="home.address_style").exists()


def test_an_address_emptied_by_hand_stays_and_a_taken_one_is_not_taken_and_told_in_words(alpha, console):
    editor = console("alpha_editor", "alpha")
    page, other = factories.draft_article(), factories.draft_article()
    assert change(editor, page, slug="").slug == page.slug
    address = f"/admin/pages/{page.pk}/edit/"
    response = editor.post(address, article_form(editor, address, slug=other.slug))
    assert response.status_code == 302
    assert f"网址别名“{other.slug}”在本栏目已经使用" in editor.get(address).content.decode()
    assert Article.objects.get(pk=page.pk).slug == page.slug


def test_masking_a_title_masks_its_sounds(alpha):
    by_pinyin()
    page = column().add_child(instance=Article(title="关于张三丰的公示", source="本站", owner=user("alpha_editor")))
    assert page.slug == "guan-yu-zhang-san-feng-de-gong-shi"
    page.mask_values({"张三丰": "张**"})
    assert page.slug == "guan-yu-zhang-de-gong-shi"


def test_a_copy_gets_an_address_of_its_own(alpha, console):
    page, parent = factories.draft_article(slug="spring-trees"), column("news").pk
    editor = console("alpha_editor", "alpha")
    sent = {"title": "抄一份 2026", "column": parent}
    assert editor.post(f"/admin/writing/copy/{page.pk}/", sent).status_code == 302
    assert DAILY.fullmatch(Article.objects.get(title="抄一份 2026").slug)


def test_pages_that_no_form_makes_get_an_address_too(alpha):
    page = column().add_child(instance=Article(title="Only Latin 标题", source="本站", owner=user("alpha_editor")))
    assert DAILY.fullmatch(page.slug)


def test_another_style_is_refused_and_names_those_that_there_are(alpha):
    with pytest.raises(Refused, match="pinyin"):
        choose_address_style(HomePage.objects.get(), "uuid", acting_user=user("alpha_admin"))


def test_a_column_is_named_by_its_pinyin(alpha, console):
    made = create_column("", title="乡村振兴", column_type="news", acting_user=None)
    assert made.slug == "xiang-cun-zhen-xing"
    admin = console("alpha_admin", "alpha")
    address = f"/admin/pages/add/columns/column/{HomePage.objects.get().pk}/"
    html = admin.get(address).content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    form = {**sent, "title": "乡村振兴", "slug": "", "column_type": "news", "update_duty": "adhoc",
            "action-publish": "1", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": ""}  # fmt: skip
    response = admin.post(address, form)
    assert response.status_code == 302, response.content.decode()
    assert Column.objects.filter(slug="xiang-cun-zhen-xing-2").exists()


def test_a_new_page_begins_with_what_its_column_says(alpha, console):
    above, office = column("policies"), "云江省人民政府办公厅"
    change_column(above, acting_user=user("alpha_admin"), default_issued_by=office, default_audience="企业")
    below = create_column("decrees", title="政府令", column_type="policies", parent=above, acting_user=None)
    change_column(below, acting_user=user("alpha_admin"), default_source="政府办公厅", default_subject_class="A")
    address = f"/admin/pages/add/policies/policydocument/{below.pk}/"
    html = console("alpha_editor", "alpha").get(address).content.decode()
    values = dict(re.findall(r'name="(source|issued_by|audience)" value="([^"]*)"', html))
    assert values == {"source": "政府办公厅", "issued_by": office, "audience": "企业"}


def test_editors_and_reviewers_choose_no_style(alpha, subtests):
    for who in ("alpha_editor", "alpha_content", "beta_admin"):
        with subtests.test(who), pytest.raises(Refused):
            choose_address_style(HomePage.objects.get(), "pinyin", acting_user=user(who))
    assert Page.objects.get(pk=HomePage.objects.get().pk).specific.address_style == "date"
