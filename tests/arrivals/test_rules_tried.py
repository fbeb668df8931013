"""Rules per template, tried on a page of the crawl: what they make of it, how many they fit, what they change."""

import json

import pytest
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.arrivals.models import SurveyedAddress
from sites.arrivals.reading.rules import TemplateRule, read_rules, write_rules
from tests.arrivals.old_site import WORDS, Answer, article
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
