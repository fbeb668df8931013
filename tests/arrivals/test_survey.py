"""The verb import_site with --dry-run: what each page of a crawl is, and why another is not brought in."""

import csv

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.tenancy.queries import get_tenant
from tests.arrivals.old_site import (
    COLUMN,
    HOST,
    SITE,
    WORDS,
    Answer,
    article,
    crawl,
    write_mirror,
    write_wacz,
    write_warc,
)
from tests.documents_in.importing import call


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def survey(verb, source, *more, user="alpha_editor"):
    words = ["import_site", str(source), "--site", "alpha", "--host", HOST, "--as", user, "--dry-run", *more]
    return call(verb, *words)


def by_path(answer):
    pages = {page["address"].partition(HOST)[2]: page for page in answer["pages"]}
    return pages, {one["address"].partition(HOST)[2]: one["reason"] for one in answer["skipped"]}


@pytest.mark.parametrize("form", ["warc.gz", "wacz", "mirror"])
def test_each_page_is_told_for_what_it_is(verb, tmp_path, form):
    source = (
        write_mirror(tmp_path / "mirror", crawl())
        if form == "mirror"
        else (write_wacz if form == "wacz" else write_warc)(tmp_path / f"old.{form}", crawl())
    )
    status, answer = survey(verb, source)
    pages, skipped = by_path(answer)
    assert status == 0
    assert set(pages) == {"/xw/t20190302_1.html", "/xw/gbk.html", "/xw/sitename.html"} or form == "mirror"
    whole = next(page for page in answer["pages"] if page["title"] == "岚河县检修山区供水设施")
    assert (whole["published_on"], whole["source"], whole["column"]) == ("2019-03-02", "岚河县水务局", "news")
    assert whole["page"] is None and whole["reasons"] == [] and whole["confidence"] >= 0.9
    wrong = pages["/xw/sitename.html"]
    assert (wrong["title"], wrong["published_on"]) == ("岚河县召开供水工作会议", "2018-05-06")
    assert wrong["source"] == "岚河县融媒体中心"
    assert wrong["confidence"] < whole["confidence"]
    assert any("ArticleTitle 标签写的是网站名称" in reason for reason in wrong["reasons"])
    lying = pages["/xw/gbk.html"]
    assert lying["title"] == "岚河县公布冬季防冻安排" and any("utf-8" in reason for reason in lying["reasons"])
    assert "列表页" in skipped["/xw/index_2.html"]
    assert "框架页" in skipped["/frame.html"]
    assert "错误页" in skipped["/soft.html"]
    # For editors, in their words and not in those of the page's code or of a rules file.
    for path in ("/xw/big5.html", "/xw/nothing.html"):
        assert "没有说属于哪个栏目" in skipped[path] and "“导入到栏目”" in skipped[path]
        assert not {"ColumnName", "to_column"} & set(skipped[path].replace("（", " ").replace("）", " ").split())
    assert "文化旅游" in skipped["/xw/else.html"]
    others = {address.partition(HOST)[2] for address in whole["also"]} | {whole["address"].partition(HOST)[2]}
    assert {"/print.jsp?id=1", "/xw/t20190302_1.html", "/old/1.html"} <= others
    if form != "mirror":
        assert "404" in skipped["/gone.html"] and "/moved.html" in others
    told = [*others, *skipped, *pages]
    assert answer["addresses"] == sum(1 + len(page["also"]) for page in answer["pages"])
    assert not any(path.startswith(("/pic/", "/att/")) for path in told)


def test_tags_that_are_filled_wrongly_are_not_believed(verb, tmp_path):
    wrong = {"ArticleTitle": "NULL", "PubDate": "null", "ContentSource": "Null", "ColumnName": COLUMN}
    behind = {"ArticleTitle": f"岚河县召开供水工作会议_{SITE}"}
    bust = '<script>if(top!=self){top.location.href="/";}</script>'
    answers = [
        Answer("/a.html", article("岚河县公布冬季防冻安排", metas=wrong, words=WORDS[1:])),
        Answer("/b.html", article("岚河县召开供水工作会议", metas=behind, words=WORDS[:2])),
        Answer("/c.html", article("放假通知", words=("明天放假一天，请互相转告。",), extra=bust)),
    ]
    status, answer = survey(verb, write_warc(tmp_path / "old.warc", answers))
    pages, skipped = by_path(answer)
    assert status == 0 and set(pages) == {"/a.html", "/b.html", "/c.html"}, skipped
    assert (pages["/a.html"]["title"], pages["/a.html"]["source"]) == ("岚河县公布冬季防冻安排", "")
    assert pages["/b.html"]["title"] == "岚河县召开供水工作会议"


def test_a_dry_run_makes_nothing(verb, tmp_path):
    source = write_warc(tmp_path / "old.warc.gz", crawl())
    with tenant_context(get_tenant("alpha")):
        before = (Page.objects.count(), Entry.objects.count())
        assert survey(verb, source)[0] == 0
        assert (Page.objects.count(), Entry.objects.count()) == before


def test_rules_say_what_no_tag_says(verb, tmp_path):
    bare = article(
        "不用的标题", metas=dict.fromkeys(("ArticleTitle", "PubDate", "ContentSource", "ColumnName"), "-"),
        extra='<b id="t">规则取到的标题</b><i id="d">二〇一七年五月三日</i><u id="s">来源：县档案馆</u>',
    )  # fmt: skip
    source = write_warc(tmp_path / "old.warc", [Answer("/a/1.html", bare), Answer("/b/2.html", bare)])
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[template]]\naddresses = ["/a/*"]\ntitle = "#t"\ndate = "#d"\nsource = "#s"\nbody = ".txt"\n'
        'to_column = "news"\n[[template]]\naddresses = ["/b/*"]\nskip = "旧版活动页"\n',
        encoding="utf-8",
    )
    status, answer = survey(verb, source, "--rules", str(rules))
    page = answer["pages"][0]
    assert (status, page["title"], page["published_on"]) == (0, "规则取到的标题", "2017-05-03")
    assert (page["source"], page["column"]) == ("县档案馆", "news")
    assert answer["skipped"] == [{"address": f"http://{HOST}/b/2.html", "reason": "按规则不导入：旧版活动页"}]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("[[template", "TOML"),
        ('[[template]]\naddresses = ["/a/*"]\ntitle = "#("\n', "title"),
        ('[[template]]\naddresses = ["a/*"]\ntitle = "#t"\n', "addresses"),
        ('[[template]]\naddresses = []\ntitle = "#t"\n', "addresses"),
        ('[[template]]\naddresses = ["/a/*"]\ntitel = "#t"\n', "titel"),
        ('[[template]]\naddresses = ["/a/*"]\nbody = 3\n', "body"),
        ('[[template]]\naddresses = ["/a/*"]\n', "不起作用"),
        ('[[template]]\naddresses = ["/a/*"]\nto_column = "nowhere"\n', "nowhere"),
        ("[other]\n", "other"),
    ],
)
def test_a_fault_in_the_rules_names_its_field(verb, tmp_path, rules, told):
    source = write_warc(tmp_path / "old.warc", [Answer("/a/1.html", article("标题"))])
    file = tmp_path / "rules.toml"
    file.write_text(rules, encoding="utf-8")
    status, answer = survey(verb, source, "--rules", str(file))
    assert status == 3 and told in "".join(answer["refused"])


def test_what_is_no_crawl_is_refused_with_the_way_out(verb, tmp_path):
    (tmp_path / "a.warc").write_bytes(b"nothing of the kind")
    assert survey(verb, tmp_path / "a.warc")[0] == 3
    (tmp_path / "b.wacz").write_bytes(b"PK\x03\x04 broken")
    status, answer = survey(verb, tmp_path / "b.wacz")
    assert status == 3 and "WACZ" in answer["refused"][0]
    assert survey(verb, tmp_path / "none.warc")[0] == 3
    whole = write_warc(tmp_path / "c.warc.gz", crawl()).read_bytes()
    (tmp_path / "d.warc.gz").write_bytes(whole[:700] + b"\0\xff\0\xff" * 40 + whole[900:])
    assert survey(verb, tmp_path / "d.warc.gz")[0] in (0, 3)


def test_who_is_no_editor_is_refused(verb, tmp_path):
    source = write_warc(tmp_path / "old.warc", [Answer("/a/1.html", article("标题"))])
    assert survey(verb, source, user="beta_editor")[0] == 3


def test_the_host_of_another_site_of_the_platform_is_refused(verb, tmp_path):
    path = write_warc(tmp_path / "old.warc.gz", crawl())
    words = ["import_site", str(path), "--site", "alpha", "--as", "alpha_editor", "--dry-run", "--json", "--host"]
    done = verb(*words, "beta.localhost")
    assert done.returncode == 3 and "澄州市白石县人民政府" in done.stdout
    # The site's own host of former days may be one of the platform.
    assert "澄州市" not in verb(*words, "alpha.localhost").stdout


def test_a_hostile_page_is_refused_alone(verb, tmp_path):
    deep = b"<html><body>" + b"<div>" * 60_000 + "深".encode() + b"</body></html>"
    answers = [Answer("/deep.html", deep), Answer("/a.html", article("岚河县好的一页", words=WORDS))]
    status, answer = survey(verb, write_warc(tmp_path / "old.warc", answers))
    pages, skipped = by_path(answer)
    assert status == 0 and set(pages) == {"/a.html"} and set(skipped) == {"/deep.html"}


def test_the_report_has_a_line_for_each_address(verb, tmp_path):
    hostile = article("=HYPERLINK(1)", words=WORDS[:2])
    source = write_warc(tmp_path / "old.warc", [*crawl(), Answer("/h.html", hostile)])
    _status, answer = survey(verb, source, "--report", str(tmp_path / "report.csv"))
    rows = list(csv.reader((tmp_path / "report.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 1 + answer["addresses"] + len(answer["skipped"])
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert any(row[0].endswith("/old/1.html") and "t20190302_1" in row[8] for row in rows)


def test_limit_and_default_column(verb, tmp_path):
    source = write_warc(tmp_path / "old.warc.gz", crawl())
    _status, answer = survey(verb, source, "--column", "news", "--limit", "4")
    assert len(answer["pages"]) == 4
    assert sum("页数上限" in one["reason"] for one in answer["skipped"]) == 2
