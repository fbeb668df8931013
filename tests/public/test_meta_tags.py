"""The mandated meta tags: complete for each kind of page, with the right values, none of them empty."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from content_library.metadata import write_value
from govplatform.review.queries import site_path

SITE = {"SiteName": "云江省澄州市人民政府", "SiteDomain": "alpha.localhost", "SiteIDCode": "5301000001"}
COLUMN = {
    "ColumnName": "工作动态", "ColumnDescription": "工作动态", "ColumnKeywords": "工作动态", "ColumnType": "工作动态",
}  # fmt: skip
CONTENT = {"ArticleTitle", "PubDate", "ContentSource", "Url"}


def test_the_home_page_carries_the_site_s_tags_alone(read):
    assert read("/").meta.items() >= SITE.items()
    assert not set(read("/").meta) & {*COLUMN, *CONTENT}


def test_a_column_adds_its_own(read):
    meta = read("/news/").meta
    assert meta.items() >= {**SITE, **COLUMN}.items()
    assert not set(meta) & CONTENT


def test_an_article_carries_all_with_their_values(read, live):
    meta = read(site_path(live("rich"))).meta
    assert meta.items() >= {**SITE, **COLUMN}.items()
    assert meta["ArticleTitle"] == "全市稳就业保民生工作推进会召开 部署四季度重点任务"
    assert meta["ContentSource"] == "本站"
    assert meta["Author"] == "甲编辑"
    assert meta["Keywords"] == "就业 民生"
    assert meta["Description"] == "会议强调，要把稳就业摆在“突出”位置 <重点>。"
    assert meta["Url"] == "http://alpha.localhost:8000/news/employment-meeting/"
    assert re.fullmatch(r"http://alpha\.localhost:8000/media/site_alpha/images/[\w.\-]+\.jpg", meta["Image"])


def test_values_are_escaped(visit, live):
    html = visit(site_path(live("rich"))).content.decode()
    assert 'content="会议强调，要把稳就业摆在“突出”位置 &lt;重点&gt;。"' in html


def test_the_publish_time_is_written_in_local_time(read, live):
    page = live("article")
    local = page.first_published_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert read(site_path(page)).meta["PubDate"] == f"{local:%Y-%m-%d %H:%M}"


def test_times_of_the_night_fall_on_the_local_day(db):
    assert write_value(datetime(2026, 3, 1, 17, 5, 59, tzinfo=UTC)) == "2026-03-02 01:05"


def test_the_image_of_the_tag_can_be_fetched(read, visit, live):
    address = read(site_path(live("rich"))).meta["Image"].removeprefix("http://alpha.localhost:8000")
    assert visit(address).status_code == 200


@pytest.mark.parametrize("field", ["Author", "Keywords", "Description", "Image"])
def test_what_is_not_known_has_no_tag(read, live, field):
    assert field not in read(site_path(live("article"))).meta


def test_every_kind_of_page_has_no_empty_tag_and_none_twice(read, live):
    pages = live.kinds()
    for path in ["/", "/news/", "/sitemap/", *(site_path(page) for page in pages.values())]:
        taken = read(path)
        own = [name for name in taken.names if name != "viewport"]
        assert len(own) == len(set(own)), path
        assert not [name for name, value in taken.meta.items() if value.strip().lower() in ("", "null", "none")], path
        assert taken.meta.items() >= SITE.items(), path


def test_policies_interpretations_and_topics_carry_the_content_tags(read, live):
    pages = live.kinds()
    for kind in ("policy", "interpretation", "topic"):
        meta = read(site_path(pages[kind])).meta
        assert set(meta) >= CONTENT, kind
        assert meta["ArticleTitle"] == pages[kind].title
        assert meta["Url"] == f"http://alpha.localhost:8000{site_path(pages[kind])}"
