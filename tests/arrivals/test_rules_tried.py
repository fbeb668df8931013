"""Rules per template, tried on a page of the crawl: what they make of it, how many they fit, what they change."""

import json

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.arrivals.models import SurveyedAddress
from sites.arrivals.reading.bounds import CrawlBounds
from sites.arrivals.reading.outline import text_of
from sites.arrivals.reading.page import read_page
from sites.arrivals.reading.rules import TemplateRule, read_rules, write_rules
from sites.arrivals.reading.sources import source_in
from sites.columns.actions import create_column
from tests.arrivals.old_site import HOST, WORDS, Answer, article
from tests.arrivals.uploading import ARRIVALS, run_jobs, the_arrival, upload, warc_bytes

BARE = dict.fromkeys(("ArticleTitle", "PubDate", "ContentSource", "ColumnName"), "-")


def old_template(number):
    extra = (
        f'<b id="t">第{number}份规则取到的标题</b><i id="d">2017年5月{number}日</i>'
        '<p class="share">分享到别处<img src="http://elsewhere.example/spy.png"></p><script>alert(1)</script>'
    )
    return Answer(f"/show/{number}.html", article("网站名", metas=BARE, extra=extra, words=(f"第{number}份。", *WORDS)))


@pytest.fixture
def tried(console, tmp_path):
    client = console("alpha_editor", "alpha")
    upload(
        client, warc_bytes(tmp_path, [*(old_template(n) for n in range(1, 6)), Answer("/b.html", article("另一页"))])
    )
    run_jobs()
    return client, f"{ARRIVALS}{the_arrival().pk}/"


def ask(client, address, **given):
    with tenant_context(get_tenant("alpha")):
        line = SurveyedAddress.objects.get(address__endswith="/show/1.html").pk
    response = client.post(f"{address}rules/try/", {"line": line, **given})
    assert response.status_code == 200
    return response.json()["html"]


RULE = {
    "addresses": "/show/*.html",
    "title": "#t",
    "date": "#d",
    "body": ".txt",
    "leave_out": ".share",
    "to_column": "news",
}


def test_a_rule_is_tried_and_nothing_of_the_page_runs(tried):
    client, address = tried
    with tenant_context(get_tenant("alpha")):
        line = SurveyedAddress.objects.get(address__endswith="/show/2.html").pk
    shown = client.get(f"{address}rules/", {"line": line}).content.decode()
    assert "新规则" in shown and "/show/*.html" in shown and "第2份。" in shown
    without = ask(client, address)
    assert "#t" in without and "分享到别处" in without
    html = ask(client, address, **RULE)
    body = html.partition("取出的正文")[2].partition("</section>")[0]
    assert "第1份规则取到的标题" in html and "2017-05-01" in html and "导入到“工作动态”" in html
    assert "第1份。" in body and "分享到别处" not in body
    assert "适用于 5 页" in html and "5 处变化" in html
    assert "<script" not in html and "spy.png" not in html and "<img" not in html


def test_a_rule_that_fits_nothing_says_so(tried):
    client, address = tried
    elsewhere = ask(client, address, **{**RULE, "addresses": "/nowhere/*"})
    assert "没有一页的网址符合" in elsewhere and "不适用于正在试的这一页" in elsewhere
    # It fits others, and this page is not among them.
    other = ask(client, address, **{**RULE, "addresses": "/show/2.html"})
    assert "适用于 1 页" in other and "不适用于正在试的这一页" in other
    assert "不适用于" not in ask(client, address, **RULE)


def test_a_rule_is_changed_on_a_page_that_it_holds_for(tried):
    client, address = tried
    client.post(f"{address}rules/", {"act": "save", **RULE})
    run_jobs()
    assert "份规则取到的标题" in client.get(f"{address}rules/", {"rule": "1"}).content.decode()


def test_the_pattern_that_is_proposed_fits_the_page(console, tmp_path):
    client = console("alpha_editor", "alpha")
    paths = ("/show.asp?id=21", "/a/b.html", "/c/", "/d/e")
    pages = [Answer(path, article(f"第{n}页的标题", words=(f"第{n}份。", *WORDS))) for n, path in enumerate(paths)]
    upload(client, warc_bytes(tmp_path, pages))
    run_jobs()
    with tenant_context(get_tenant("alpha")):
        lines = list(SurveyedAddress.objects.exclude(content="").values_list("pk", "address"))
    assert len(lines) == 4
    for line, address in lines:
        shown = client.get(f"{ARRIVALS}{the_arrival().pk}/rules/", {"line": line})
        pattern = shown.context["form"].initial["addresses"]
        assert TemplateRule((pattern,)).holds_for(address), address


def test_every_part_of_a_body_is_taken(tried):
    """A newcomer clicks the selector of a paragraph: all paragraphs are meant, however many they are."""
    client, address = tried
    html = ask(client, address, **{**RULE, "body": ".txt p"})
    body = html.partition("取出的正文")[2].partition("</section>")[0]
    assert all(words[:12] in body for words in ("第1份。", *WORDS))
    data = article("长文", words=tuple(f"第{number}段，说的是第{number}件事情。" for number in range(1, 13)))
    rule = TemplateRule(("*",), body=".txt p")
    bounds = CrawlBounds()
    _found, document = read_page(data, f"http://{HOST}/a.html", now=timezone.now(), bounds=bounds, rule=rule)
    text = "".join(text_of(document))
    assert all(f"第{number}件事情" in text for number in range(1, 13))


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("2019年8月6日　农机管理站", "农机管理站"),
        ("发布时间：2018-05-06 10:20　来源：县融媒体中心　浏览次数：318", "县融媒体中心"),
        ("来源: 县档案馆", "县档案馆"),
        ("信息来源：县水务局 | 作者：王某", "县水务局"),
        ("2019年8月6日", "2019年8月6日"),
    ],
)
def test_the_source_is_told_from_what_stands_beside_it(line, source):
    assert source_in(line) == source


def test_a_fault_names_its_field(tried):
    client, address = tried
    assert "字段 title" in ask(client, address, **{**RULE, "title": "#("})
    assert "字段 addresses" in ask(client, address, **{**RULE, "addresses": "show/*"})
    assert "没有找到" in ask(client, address, **{**RULE, "date": ".nowhere"})
    refused = client.post(f"{address}rules/", {"act": "save", **RULE, "body": "..."})
    assert refused.status_code == 400 and "字段 body" in refused.content.decode()


def test_a_rule_is_saved_changed_and_downloaded(tried):
    client, address = tried
    assert client.post(f"{address}rules/", {"act": "save", **RULE}).url == address
    run_jobs()
    with tenant_context(get_tenant("alpha")):
        found = SurveyedAddress.objects.filter(result="page", address__contains="/show/")
        assert {line.title for line in found} == {f"第{n}份规则取到的标题" for n in range(1, 6)}
    text = client.get(f"{address}rules.toml").content.decode()
    (rule,), faults = read_rules(text)
    assert faults == [] and rule.leave_out == ".share" and rule.to_column == "news"
    # An earlier rule goes first.
    assert "前面的规则先适用" in ask(client, address, addresses="/show/1*", skip="重复")
    changed = {**RULE, "rule": "1", "skip": "旧版活动页"}
    assert "不导入：按规则不导入：旧版活动页" in ask(client, address, **changed)
    client.post(f"{address}rules/", {"act": "remove", "rule": "1"})
    run_jobs()
    assert the_arrival().rules == ""
    client.post(f"{address}rules/", {"act": "text", "text": text})
    assert the_arrival().rules == text
    refused = client.post(f"{address}rules/", {"act": "text", "text": "[[template"})
    assert refused.status_code == 400 and "正在处理" in refused.content.decode() + "TOML"


def test_rules_are_written_as_they_are_read():
    rules = [
        TemplateRule(("/a/*", '/"b"\\?x=1'), name='引号"和\\', title='div[id="x"] > h1', skip="是\x7f的\n"),
        TemplateRule(("*",), leave_out=".a, .b", to_column="news"),
    ]
    assert read_rules(write_rules(rules)) == (rules, [])
    assert json.loads(json.dumps(rules[0].to_json()))["name"] == '引号"和\\'


def test_of_two_columns_with_one_slug_the_path_says_which(tried):
    """A merge brings a second column 通知公告: rules that lead to the first one go on, and the other can be meant."""
    client, address = tried
    with tenant_context(get_tenant("alpha")):
        branch = create_column("branch", title="分站", column_type="news", acting_user=None)
        create_column("news", title="分站动态", column_type="news", parent=branch, acting_user=None)
    shown = client.get(f"{address}rules/").content.decode()
    assert '<option value="news">' in shown and '<option value="branch/news">' in shown
    assert "导入到“工作动态”" in ask(client, address, **RULE)
    assert "导入到“分站动态”" in ask(client, address, **RULE | {"to_column": "branch/news"})
    assert client.post(f"{address}rules/", {"act": "save", **RULE}).status_code == 302
