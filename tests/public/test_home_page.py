"""The home page shows each item once, leaders and institutions as such, and leaves no holes."""

import re
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from govplatform.review.queries import site_path
from sites.columns.actions import create_column
from sites.home.models import HomePage
from sites.home.once import cells_in_a_row, each_once, in_two
from sites.offices.models import Institution, Leader
from tests import factories
from tests.structured.samples import live as publish_sample


def line(number: int) -> dict[str, Any]:
    return {"title": f"第{number}条", "url": f"/news/{number}/"}


def box(*numbers: int) -> dict[str, Any]:
    return {"title": "栏目", "url": "/news/", "items": [line(number) for number in numbers]}


def heights(placed: dict[str, Any]) -> tuple[int, int]:
    left, right = (sum(2 + len(one["items"]) for one in placed[side]) for side in ("left", "right"))
    return left, right


@pytest.mark.unit
def test_an_item_stays_where_it_stands_first():
    lists = {"headline": ("headline", "headline_more"), "columns": ("column_blocks",)}
    blocks = {
        "headline": line(1),
        "headline_more": [line(1), line(2)],
        "column_blocks": [box(1, 2), box(2, 3, 4), box(4)],
    }
    each_once(blocks, ["headline", "columns"], lists)
    assert blocks["headline_more"] == [line(2)]
    assert [one["items"] for one in blocks["column_blocks"]] == [[line(3), line(4)]]
    again = {"headline": line(1), "headline_more": [line(2)], "column_blocks": [box(1, 2, 3)]}
    each_once(again, ["columns", "headline"], lists)
    assert again["headline_more"] == []


@pytest.mark.unit
@pytest.mark.parametrize(
    "sizes", [(7, 7), (7, 1), (1, 7), (7, 7, 7), (7, 2, 2), (1, 1, 7), (7, 7, 7, 7, 7), (7, 1, 1, 1, 7, 2), (3,), ()]
)
def test_two_rows_of_boxes_end_about_together(sizes):
    boxes = [box(*range(size)) for size in sizes]
    placed = in_two(boxes)
    left, right = heights(placed)
    assert abs(left - right) <= 4
    assert len([*placed["left"], *placed["right"], *placed["wide"]]) == len(boxes)
    assert all(len(one["items"]) >= min(3, 1) for one in [*placed["left"], *placed["right"], *placed["wide"]])


@pytest.mark.unit
def test_a_grid_has_as_few_empty_cells_as_can_be():
    assert [cells_in_a_row(count) for count in (0, 1, 4, 6, 7, 8, 9, 10, 12)] == [1, 1, 4, 6, 4, 4, 3, 5, 6]


def test_nothing_stands_twice_on_the_home_page(alpha, citizen):
    create_column(
        "local", title="地方动态", column_type="news", parent=factories.column("news"), acting_user=None, verb="x"
    )
    for number in range(9):
        factories.live_article(column="local", title=f"地方第{number}条", slug=f"local-{number}")
    factories.live_article(column="notices", slug="notice", title="通知")
    html = citizen("alpha").get("/").content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    links = re.findall(r'<(?:li|h2|h3)[^>]*>\s*<a href="(/[^"]+/[^"]+/)"', main)
    assert len(links) >= 10
    assert sorted(set(links)) == sorted(links)


def test_a_box_begins_with_its_newest_picture(alpha, citizen):
    """The item moves there from the list; its picture has the words of the picture; a box without one is a list."""
    for slug in ("local", "plain"):
        news = factories.column("news")
        create_column(slug, title=slug, column_type="news", parent=news, acting_user=None, verb="x")
    picture = factories.image("开工现场")
    factories.live_article(column="local", slug="older", title="大坝开工", picture=picture)
    factories.live_article(column="local", slug="newer", title="没有图的一条")
    factories.live_article(column="plain", slug="words", title="只有文字的一条")
    factories.live_article(column="plain", slug="more", title="另一条文字")
    HomePage.objects.update(headline_page=factories.live_article(slug="headline", title="头条"), sections=["columns"])
    html = citizen("alpha").get("/").content.decode()
    boxes = html[html.index('class="column-blocks') :]
    lead = boxes[boxes.index('<article class="box-lead">') :]
    assert re.search(r'srcset="[^"]+ 480w, [^"]+ 240w"[^>]* width="480" height="270" alt="开工现场"', lead)
    assert boxes.count("box-lead") == boxes.count('<article class="box-lead">') == 1
    assert html.count('href="/news/local/older/"') == 1

    with tenant_context(alpha):
        HomePage.objects.update(sections=["columns:two"])
    assert "box-lead" not in citizen("alpha").get("/").content.decode()


def test_leaders_and_institutions_stand_on_the_home_page_as_such(alpha, citizen):
    publish_sample(Leader, title="温岳川", slug="second", list_order=2)
    leader, institution = publish_sample(Leader, slug="first"), publish_sample(Institution)
    html = citizen("alpha").get("/").content.decode()
    places = html[html.index('id="home-leaders"') :]
    assert places.index(f'href="{site_path(leader)}">黎江澄</a></h3><p>市人民政府市长</p>') < places.index("温岳川")
    assert f'<a href="{site_path(institution)}">市水利局</a><span>0000-0000415</span>' in places
    assert 'href="/leaders/"' in places


def test_a_page_says_how_an_error_is_reported(visit):
    home, said = visit("/").content.decode(), visit("/error-report/")
    assert 'href="/interaction/error/"' in home
    assert said.status_code == 200
    assert "怎样反映" in said.content.decode() and 'href="/interaction/error/"' in said.content.decode()


def test_a_page_can_be_taken_along_without_a_script(live_page_html):
    assert re.search(r'<p class="share-address">http://alpha\.localhost[^<]*/news/article/</p>', live_page_html)
    assert re.search(r'<svg class="qr-code"[^>]*aria-label="本页网址的二维码"[^>]*><path d="M4 4\.5h7', live_page_html)
    assert re.search(
        r'<button type="button" data-copy="[^"]+" data-copied="已复制" hidden>复制网址</button>', live_page_html
    )


@pytest.fixture
def live_page_html(visit, live):
    return visit(site_path(live("article"))).content.decode()


def test_a_column_has_its_list_before_its_folded_siblings(visit, alpha):
    factories.live_article(slug="a-page")
    html = visit("/news/").content.decode()
    assert html.index('href="/news/a-page/"') < html.index('<details class="siblings-fold"><summary>同级栏目')
